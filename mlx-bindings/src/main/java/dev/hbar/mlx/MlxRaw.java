package dev.hbar.mlx;

import dev.hbar.mlx.internal.RawCalls;

/**
 * The way to functions of mlx-c that are bound and have no method here; docs/inventory.md lists
 * them. Errors are typed and results are owned as everywhere. Number and kind of the arguments are
 * checked, their sense is not: indices, strides and sizes that MLX does not check can read foreign
 * memory or end the process, so read the function's declaration first. Owner thread only.
 */
public final class MlxRaw {
  private final MlxScope scope;

  MlxRaw(MlxScope scope) {
    this.scope = scope;
  }

  /**
   * Calls a function {@code int f(mlx_array* res, ..., mlx_stream s)} of the headers ops, fast,
   * linalg, fft or random.
   *
   * @param function its name, such as {@code mlx_take}
   * @param arguments those between result and stream, in their order: MlxArray, Integer, Long (also
   *     for size_t and int64_t), Float, Double, Boolean, String (without '%'), DType for an
   *     mlx_dtype, and int[] for a pointer to ints with the size_t behind it
   * @return the result, owned by the scope that this was taken from
   * @throws IllegalArgumentException for another function, and for arguments that do not fit
   * @throws MlxException what MLX says against the call
   */
  public MlxArray call(String function, Object... arguments) {
    scope.requireUsable();
    Object[] plain = new Object[arguments.length];
    for (int i = 0; i < plain.length; i++) {
      plain[i] =
          switch (arguments[i]) {
            case MlxArray array -> array.handle();
            case DType dtype -> dtype.code();
            default -> arguments[i];
          };
    }
    return scope.adopt(RawCalls.array(function, plain));
  }
}
