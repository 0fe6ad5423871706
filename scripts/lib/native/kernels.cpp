#include "kernels.h"

#if defined(__x86_64__) && defined(__linux__)
#include <immintrin.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

namespace hbar {
namespace {

#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,avx512vl,avx512dq,fma")
namespace avx512 {
constexpr int LANES = 16;
using V = __m512;
inline V zero() { return _mm512_setzero_ps(); }
inline V fill(float f) { return _mm512_set1_ps(f); }
inline V load(const float* p) { return _mm512_loadu_ps(p); }
/** The first n < LANES, then zeros. */
inline V first(const float* p, int n) { return _mm512_maskz_loadu_ps((1u << n) - 1, p); }
inline void store(float* p, V v) { _mm512_storeu_ps(p, v); }
inline V fma(V a, V b, V c) { return _mm512_fmadd_ps(a, b, c); }
inline float total(V v) { return _mm512_reduce_add_ps(v); }
inline float largest(V v) { return _mm512_reduce_max_ps(v); }
/** The second where either is no number. */
inline V most(V a, V b) { return _mm512_max_ps(a, b); }
inline V least(V a, V b) { return _mm512_min_ps(a, b); }
inline V rounded(V v) { return _mm512_roundscale_ps(v, _MM_FROUND_TO_NEAREST_INT); }
/** v * 2^n for a whole n; 0 where that is too small for a float. */
inline V scaled(V v, V n) { return _mm512_scalef_ps(v, n); }
/** LANES codes of 8 bits, less 128. */
inline V octets(const uint8_t* p) {
  const __m128i codes = _mm_xor_si128(_mm_loadu_si128((const __m128i*)p), _mm_set1_epi8(-128));
  return _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(codes));
}
/** The low and the high codes of 4 bits of LANES bytes, less 8: by a table, which looks at 4 bits only. */
inline void nibbles(const uint8_t* p, V& low, V& high) {
  const V table = _mm512_setr_ps(-8, -7, -6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7);
  const __m512i codes = _mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i*)p));
  low = _mm512_permutexvar_ps(codes, table);
  high = _mm512_permutexvar_ps(_mm512_srli_epi32(codes, 4), table);
}
/** The total of each of LANES vectors. */
inline V totals(const V (&v)[LANES]) {
  V fours[4];
  for (int i = 0; i < 4; i++) {
    const V *of = v + 4 * i, first = _mm512_unpacklo_ps(of[0], of[1]) + _mm512_unpackhi_ps(of[0], of[1]);
    const V second = _mm512_unpacklo_ps(of[2], of[3]) + _mm512_unpackhi_ps(of[2], of[3]);
    const __m512d a = _mm512_castps_pd(first), b = _mm512_castps_pd(second);
    fours[i] = _mm512_castpd_ps(_mm512_unpacklo_pd(a, b)) + _mm512_castpd_ps(_mm512_unpackhi_pd(a, b));
  }
  const V low = _mm512_shuffle_f32x4(fours[0], fours[1], 0x88) + _mm512_shuffle_f32x4(fours[0], fours[1], 0xdd);
  const V high = _mm512_shuffle_f32x4(fours[2], fours[3], 0x88) + _mm512_shuffle_f32x4(fours[2], fours[3], 0xdd);
  return _mm512_shuffle_f32x4(low, high, 0x88) + _mm512_shuffle_f32x4(low, high, 0xdd);
}
/** Column i of LANES rows in place of row i. */
inline void transpose(V (&rows)[LANES]) {
  V pairs[LANES], fours[LANES];
  for (int i = 0; i < LANES; i += 2) {
    pairs[i] = _mm512_unpacklo_ps(rows[i], rows[i + 1]);
    pairs[i + 1] = _mm512_unpackhi_ps(rows[i], rows[i + 1]);
  }
  for (int i = 0; i < LANES; i += 4) {
    fours[i] = _mm512_castpd_ps(_mm512_unpacklo_pd(_mm512_castps_pd(pairs[i]), _mm512_castps_pd(pairs[i + 2])));
    fours[i + 1] = _mm512_castpd_ps(_mm512_unpackhi_pd(_mm512_castps_pd(pairs[i]), _mm512_castps_pd(pairs[i + 2])));
    fours[i + 2] = _mm512_castpd_ps(_mm512_unpacklo_pd(_mm512_castps_pd(pairs[i + 1]), _mm512_castps_pd(pairs[i + 3])));
    fours[i + 3] = _mm512_castpd_ps(_mm512_unpackhi_pd(_mm512_castps_pd(pairs[i + 1]), _mm512_castps_pd(pairs[i + 3])));
  }
  // fours[4 i + j]: in its quarter q column 4 q + j of rows 4 i to 4 i + 3.
  for (int j = 0; j < 4; j++) {
    const V even = _mm512_shuffle_f32x4(fours[j], fours[4 + j], 0x88), odd = _mm512_shuffle_f32x4(fours[j], fours[4 + j], 0xdd);
    const V evenBelow = _mm512_shuffle_f32x4(fours[8 + j], fours[12 + j], 0x88);
    const V oddBelow = _mm512_shuffle_f32x4(fours[8 + j], fours[12 + j], 0xdd);
    rows[j] = _mm512_shuffle_f32x4(even, evenBelow, 0x88);
    rows[4 + j] = _mm512_shuffle_f32x4(odd, oddBelow, 0x88);
    rows[8 + j] = _mm512_shuffle_f32x4(even, evenBelow, 0xdd);
    rows[12 + j] = _mm512_shuffle_f32x4(odd, oddBelow, 0xdd);
  }
}
#include "dense_product.h"
#include "packed_product.h"
#include "elements.h"
#include "attention.h"
constexpr Kernels kernels{PANEL, arrange, multiply, unpack, product, attend, rmsNorm, greatest, softmaxSums, gated};
}  // namespace avx512
#pragma GCC pop_options

#pragma GCC push_options
#pragma GCC target("avx2,fma")
namespace avx2 {
constexpr int LANES = 8;
using V = __m256;
inline V zero() { return _mm256_setzero_ps(); }
inline V fill(float f) { return _mm256_set1_ps(f); }
inline V load(const float* p) { return _mm256_loadu_ps(p); }
inline V first(const float* p, int n) {
  return _mm256_maskload_ps(p, _mm256_cmpgt_epi32(_mm256_set1_epi32(n), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7)));
}
inline void store(float* p, V v) { _mm256_storeu_ps(p, v); }
inline V fma(V a, V b, V c) { return _mm256_fmadd_ps(a, b, c); }
inline float total(V v) {
  float s[8];
  _mm256_storeu_ps(s, v);
  return ((s[0] + s[1]) + (s[2] + s[3])) + ((s[4] + s[5]) + (s[6] + s[7]));
}
inline float largest(V v) {
  float s[8];
  _mm256_storeu_ps(s, v);
  return std::max(std::max(std::max(s[0], s[1]), std::max(s[2], s[3])), std::max(std::max(s[4], s[5]), std::max(s[6], s[7])));
}
inline V most(V a, V b) { return _mm256_max_ps(a, b); }
inline V least(V a, V b) { return _mm256_min_ps(a, b); }
inline V rounded(V v) { return _mm256_round_ps(v, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC); }
inline V power(__m256i e) { return _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_add_epi32(e, _mm256_set1_epi32(127)), 23)); }
inline V scaled(V v, V n) {
  // Two steps, since 2^n itself may be too large or too small.
  const __m256i whole = _mm256_cvtps_epi32(n), half = _mm256_srai_epi32(whole, 1);
  return _mm256_mul_ps(_mm256_mul_ps(v, power(half)), power(_mm256_sub_epi32(whole, half)));
}
inline V octets(const uint8_t* p) {
  const __m128i codes = _mm_xor_si128(_mm_loadl_epi64((const __m128i*)p), _mm_set1_epi8(-128));
  return _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(codes));
}
inline void nibbles(const uint8_t* p, V& low, V& high) {
  const __m256i codes = _mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i*)p));
  const __m256i eight = _mm256_set1_epi32(8);
  low = _mm256_cvtepi32_ps(_mm256_sub_epi32(_mm256_and_si256(codes, _mm256_set1_epi32(15)), eight));
  high = _mm256_cvtepi32_ps(_mm256_sub_epi32(_mm256_srli_epi32(codes, 4), eight));
}
inline V totals(const V (&v)[LANES]) {
  const V low = _mm256_hadd_ps(_mm256_hadd_ps(v[0], v[1]), _mm256_hadd_ps(v[2], v[3]));
  const V high = _mm256_hadd_ps(_mm256_hadd_ps(v[4], v[5]), _mm256_hadd_ps(v[6], v[7]));
  return _mm256_permute2f128_ps(low, high, 0x20) + _mm256_permute2f128_ps(low, high, 0x31);
}
inline void transpose(V (&rows)[LANES]) {
  V pairs[LANES], fours[LANES];
  for (int i = 0; i < LANES; i += 2) {
    pairs[i] = _mm256_unpacklo_ps(rows[i], rows[i + 1]);
    pairs[i + 1] = _mm256_unpackhi_ps(rows[i], rows[i + 1]);
  }
  for (int i = 0; i < LANES; i += 4) {
    fours[i] = _mm256_shuffle_ps(pairs[i], pairs[i + 2], 0x44);
    fours[i + 1] = _mm256_shuffle_ps(pairs[i], pairs[i + 2], 0xee);
    fours[i + 2] = _mm256_shuffle_ps(pairs[i + 1], pairs[i + 3], 0x44);
    fours[i + 3] = _mm256_shuffle_ps(pairs[i + 1], pairs[i + 3], 0xee);
  }
  for (int j = 0; j < 4; j++) {
    rows[j] = _mm256_permute2f128_ps(fours[j], fours[4 + j], 0x20);
    rows[4 + j] = _mm256_permute2f128_ps(fours[j], fours[4 + j], 0x31);
  }
}
#include "dense_product.h"
#include "packed_product.h"
#include "elements.h"
#include "attention.h"
constexpr Kernels kernels{PANEL, arrange, multiply, unpack, product, attend, rmsNorm, greatest, softmaxSums, gated};
}  // namespace avx2
#pragma GCC pop_options

}  // namespace

const Kernels* Kernels::chosen() {
  static const Kernels* const best = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                                       __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq")
                                   ? &avx512::kernels
                               : __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? &avx2::kernels
                                                                                                 : nullptr;
  return best;
}

}  // namespace hbar
#endif
