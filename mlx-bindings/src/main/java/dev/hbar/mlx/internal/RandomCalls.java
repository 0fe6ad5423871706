package dev.hbar.mlx.internal;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.gen.random_h;
import java.lang.foreign.MemorySegment;

/**
 * Draws from explicit keys; MLX's global generator is never used, so a draw depends on its key
 * alone.
 */
public final class RandomCalls {
  private RandomCalls() {}

  public static ArrayHandle key(long seed) {
    return NativeCall.array("mlx_random_key", out -> random_h.mlx_random_key(out, seed));
  }

  public static ArrayHandle split(ArrayHandle key, int parts) {
    return NativeCall.array(
        "mlx_random_split_num",
        o -> random_h.mlx_random_split_num(o, key.struct(), parts, Execution.stream()),
        key);
  }

  public static ArrayHandle categorical(ArrayHandle logits, int axis, ArrayHandle key) {
    return NativeCall.array(
        "mlx_random_categorical",
        o ->
            random_h.mlx_random_categorical(
                o, logits.struct(), axis, key.struct(), Execution.stream()),
        logits);
  }

  public static ArrayHandle normal(ArrayHandle key, DType dtype, int... shape) {
    ArrayData.requireAllocatable(dtype, shape);
    MemorySegment dims = Scratch.ints(shape);
    return NativeCall.array(
        "mlx_random_normal",
        o ->
            random_h.mlx_random_normal(
                o, dims, shape.length, dtype.code(), 0f, 1f, key.struct(), Execution.stream()));
  }
}
