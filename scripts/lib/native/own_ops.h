// hbar's own functions beside those of mlx-c, in the same form: 0, or 1 after mlx_error. Most take what the function of
// mlx-c takes, and hand on what its kernel is not for: other types than float32, a GPU, arrays that are being
// differentiated or compiled, forms that do not fit each other (for MLX's own words of it).
#pragma once
#include <stdbool.h>

#include "mlx/c/array.h"
#include "mlx/c/optional.h"
#include "mlx/c/stream.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Whether this machine's CPU multiplies affine packed matrices of that kind by the function below, and not by MLX's. */
bool hbar_quantized_matmul_fits(int group_size, int bits);

/** mlx_quantized_matmul, by a faster kernel where x, scales and biases are float32 and the kind fits. */
int hbar_quantized_matmul(mlx_array* res, const mlx_array x, const mlx_array w, const mlx_array scales,
                          const mlx_array biases, bool transpose, mlx_optional_int group_size, mlx_optional_int bits,
                          const char* mode, const mlx_stream s);

/** Whether this machine has the kernels of the functions below. */
bool hbar_fast_fits(void);

/** mlx_fast_rms_norm. */
int hbar_fast_rms_norm(mlx_array* res, const mlx_array x, const mlx_array weight, float eps, const mlx_stream s);

/** mlx_fast_rope. */
int hbar_fast_rope(mlx_array* res, const mlx_array x, int dims, bool traditional, mlx_optional_float base, float scale,
                   int offset, const mlx_array freqs, const mlx_stream s);

/** mlx_fast_rope_dynamic. */
int hbar_fast_rope_dynamic(mlx_array* res, const mlx_array x, int dims, bool traditional, mlx_optional_float base,
                           float scale, const mlx_array offset, const mlx_array freqs, const mlx_stream s);

/** mlx_fast_scaled_dot_product_attention. */
int hbar_fast_scaled_dot_product_attention(mlx_array* res, const mlx_array queries, const mlx_array keys,
                                           const mlx_array values, float scale, const char* mask_mode,
                                           const mlx_array mask_arr, const mlx_array sinks, bool force_fused,
                                           const mlx_stream s);

/** gate(x) * up, elementwise: kind 0 is silu, 1 is gelu by its tanh form. Both of one shape. */
int hbar_fast_gated(mlx_array* res, const mlx_array x, const mlx_array up, int kind, const mlx_stream s);

/**
 * What softmax(logits [B, V]) gives of each row and its chosen token x [B], float32 [B, 7]; d = z - max z, e = exp(d). The
 * shift d[x]; the sums of e and of e^2 over the tokens not chosen; the sums over all tokens of e d, e^(1/4) and e^(1/2);
 * the mean of d. A token outside the vocabulary gives NaN. Without the kernels an error.
 */
int hbar_softmax_sums(mlx_array* res, const mlx_array logits, const mlx_array tokens, const mlx_stream s);

#ifdef __cplusplus
}
#endif
