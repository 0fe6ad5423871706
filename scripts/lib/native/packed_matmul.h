// hbar's own function beside those of mlx-c, in the same form: 0, or 1 after mlx_error.
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

#ifdef __cplusplus
}
#endif
