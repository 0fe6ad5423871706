// The loops of hbar's own CPU operations, compiled for two instruction sets; the machine chooses once which are called.
// All numbers are float32. Nothing here knows of MLX or of threads: a caller shares out rows, panels and blocks.
#pragma once
#include <cstddef>
#include <cstdint>

namespace hbar {

/** A matrix [rows, columns] of unsigned codes, the first in the lowest bits; a number is code * scale + bias of its group. */
struct Packed {
  const uint8_t* codes;
  const float* scales;
  const float* biases;
  int rows, columns, group, bits;
};

/** One attention: queries [batch, heads, length, size], keys and values [batch, kvHeads, keys, ...], by their strides. */
struct Attention {
  const float *q, *k, *v;
  const float* mask;  // added to scores, or null; strides of 0 repeat it
  float* out;         // [batch, heads, length, valueSize] in order
  int heads, kvHeads, length, keys, size, valueSize;
  int64_t qStrides[4], kStrides[4], vStrides[4], maskStrides[4];
  float scale;
  bool causal;  // the last query sees all keys
};

enum class Gate : int { SILU, GELU_TANH };

struct Kernels {
  /** Weight rows of a panel. */
  int panelRows;
  /** Puts a vector into the order in which codes are taken apart, and sums it by groups. */
  void (*arrange)(const float* x, const Packed& p, float* arranged, float* sums);
  /** y [count, rows], rows [from, to) of it, of arranged x [count, columns]. */
  void (*multiply)(const Packed& p, int from, int to, const float* x, const float* sums, float* y, int count);
  /** Rows [row, row + panelRows) as numbers, as MLX's dequantize gives them: panel [columns, panelRows], 0 beyond the last. */
  void (*unpack)(const Packed& p, int row, float* panel);
  /** c [m, n] = a [m, k] times the panel [k, panelRows], its first n columns. A row's answer does not depend on the others. */
  void (*product)(const float* a, size_t strideA, const float* panel, float* c, size_t strideC, int m, int k, int n);
  /**
   * The answers of the queries [from, to) of all heads that read one head of keys, by the keys [firstKey, endKey). Where
   * those are not all keys, into partial instead of a.out: for each row the sum of its values, the greatest score and
   * the sum of the shares, [heads / kvHeads, to - from, valueSize + 2].
   */
  void (*attend)(const Attention& a, int batch, int kvHead, int from, int to, int firstKey, int endKey, float* partial);
  /** y [n] = x / sqrt(mean of x^2 + eps) * weight. */
  void (*rmsNorm)(const float* x, const float* weight, float* y, int n, float eps);
  /** The largest of x [n], n > 0; where one is no number any of them. */
  float (*greatest)(const float* x, size_t n);
  /** Adds the sums over x [n] of e, e^2, e d, e^(1/4), e^(1/2) and d, where d = x - greatest and e = exp(d), to sums [6]. */
  void (*softmaxSums)(const float* x, size_t n, float greatest, double* sums);
  /** y [n] = gate(x) * up. */
  void (*gated)(Gate gate, const float* x, const float* up, float* y, size_t n);

  /** The best for this machine, or null. */
  static const Kernels* chosen();
};

}  // namespace hbar
