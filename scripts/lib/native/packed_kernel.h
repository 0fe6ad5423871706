// The products for two instruction sets, chosen once by what the machine has.
#pragma once
#include <immintrin.h>

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace hbar {
namespace {

/** A matrix [rows, columns] of unsigned codes, the first in the lowest bits; a number is code * scale + bias of its group. */
struct Packed {
  const uint8_t* codes;
  const float* scales;
  const float* biases;
  int rows, columns, group, bits;
};

struct Kernel {
  /** Puts a vector into the order in which codes are taken apart, and sums it by groups. */
  void (*arrange)(const float* x, const Packed& p, float* arranged, float* sums);
  /** y [count, rows], rows [from, to) of it, of arranged x [count, columns]. */
  void (*multiply)(const Packed& p, int from, int to, const float* x, const float* sums, float* y, int count);
  /** Rows [from, to) as numbers, as MLX's dequantize gives them. */
  void (*unpack)(const Packed& p, int from, int to, float* out);

  /** The best for this machine, or null. */
  static const Kernel* chosen();
};

#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,avx512vl,avx512dq,fma")
namespace avx512 {
constexpr int LANES = 16;
using V = __m512;
inline V zero() { return _mm512_setzero_ps(); }
inline V fill(float f) { return _mm512_set1_ps(f); }
inline V load(const float* p) { return _mm512_loadu_ps(p); }
inline void store(float* p, V v) { _mm512_storeu_ps(p, v); }
inline V fma(V a, V b, V c) { return _mm512_fmadd_ps(a, b, c); }
inline float total(V v) { return _mm512_reduce_add_ps(v); }
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
/** Two vectors as one in turns. */
inline void weave(V low, V high, float* out) {
  const __m512i first = _mm512_setr_epi32(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
  const __m512i second = _mm512_setr_epi32(8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
  store(out, _mm512_permutex2var_ps(low, first, high));
  store(out + LANES, _mm512_permutex2var_ps(low, second, high));
}
#include "packed_product.h"
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
inline void store(float* p, V v) { _mm256_storeu_ps(p, v); }
inline V fma(V a, V b, V c) { return _mm256_fmadd_ps(a, b, c); }
inline float total(V v) {
  float s[8];
  _mm256_storeu_ps(s, v);
  return ((s[0] + s[1]) + (s[2] + s[3])) + ((s[4] + s[5]) + (s[6] + s[7]));
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
inline void weave(V low, V high, float* out) {
  const V a = _mm256_unpacklo_ps(low, high), b = _mm256_unpackhi_ps(low, high);
  store(out, _mm256_permute2f128_ps(a, b, 0x20));
  store(out + LANES, _mm256_permute2f128_ps(a, b, 0x31));
}
#include "packed_product.h"
}  // namespace avx2
#pragma GCC pop_options

inline const Kernel* Kernel::chosen() {
  static const Kernel wide{avx512::arrange, avx512::multiply, avx512::unpack};
  static const Kernel narrow{avx2::arrange, avx2::multiply, avx2::unpack};
  static const Kernel* best = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                                      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq")
                                  ? &wide
                              : __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? &narrow
                                                                                                : nullptr;
  return best;
}

}  // namespace
}  // namespace hbar
