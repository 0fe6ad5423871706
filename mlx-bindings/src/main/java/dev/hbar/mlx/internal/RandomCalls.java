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

  public static ArrayHandle uniform(
      ArrayHandle low, ArrayHandle high, int[] shape, DType dtype, ArrayHandle key) {
    ArrayData.requireAllocatable(dtype, shape);
    MemorySegment shapeInts = Scratch.ints(shape);
    return NativeCall.array(
        "mlx_random_uniform",
        o ->
            random_h.mlx_random_uniform(
                o,
                low.struct(),
                high.struct(),
                shapeInts,
                shape.length,
                dtype.code(),
                key.struct(),
                Execution.stream()),
        low,
        high,
        key);
  }

  public static ArrayHandle randint(
      ArrayHandle low, ArrayHandle high, int[] shape, DType dtype, ArrayHandle key) {
    ArrayData.requireAllocatable(dtype, shape);
    MemorySegment shapeInts = Scratch.ints(shape);
    return NativeCall.array(
        "mlx_random_randint",
        o ->
            random_h.mlx_random_randint(
                o,
                low.struct(),
                high.struct(),
                shapeInts,
                shape.length,
                dtype.code(),
                key.struct(),
                Execution.stream()),
        low,
        high,
        key);
  }

  public static ArrayHandle bernoulli(ArrayHandle p, int[] shape, ArrayHandle key) {
    ArrayData.requireAllocatable(DType.UINT32, shape);
    MemorySegment shapeInts = Scratch.ints(shape);
    return NativeCall.array(
        "mlx_random_bernoulli",
        o ->
            random_h.mlx_random_bernoulli(
                o, p.struct(), shapeInts, shape.length, key.struct(), Execution.stream()),
        p,
        key);
  }

  public static ArrayHandle bits(int[] shape, int width, ArrayHandle key) {
    ArrayData.requireAllocatable(DType.UINT32, shape);
    MemorySegment shapeInts = Scratch.ints(shape);
    return NativeCall.array(
        "mlx_random_bits",
        o ->
            random_h.mlx_random_bits(
                o, shapeInts, shape.length, width, key.struct(), Execution.stream()),
        key);
  }

  public static ArrayHandle gumbel(int[] shape, DType dtype, ArrayHandle key) {
    ArrayData.requireAllocatable(dtype, shape);
    MemorySegment shapeInts = Scratch.ints(shape);
    return NativeCall.array(
        "mlx_random_gumbel",
        o ->
            random_h.mlx_random_gumbel(
                o, shapeInts, shape.length, dtype.code(), key.struct(), Execution.stream()),
        key);
  }

  public static ArrayHandle laplace(
      int[] shape, DType dtype, float loc, float scale, ArrayHandle key) {
    ArrayData.requireAllocatable(dtype, shape);
    MemorySegment shapeInts = Scratch.ints(shape);
    return NativeCall.array(
        "mlx_random_laplace",
        o ->
            random_h.mlx_random_laplace(
                o,
                shapeInts,
                shape.length,
                dtype.code(),
                loc,
                scale,
                key.struct(),
                Execution.stream()),
        key);
  }

  public static ArrayHandle normal(
      int[] shape, DType dtype, ArrayHandle loc, ArrayHandle scale, ArrayHandle key) {
    ArrayData.requireAllocatable(dtype, shape);
    MemorySegment shapeInts = Scratch.ints(shape);
    return NativeCall.array(
        "mlx_random_normal_broadcast",
        o ->
            random_h.mlx_random_normal_broadcast(
                o,
                shapeInts,
                shape.length,
                dtype.code(),
                loc.struct(),
                scale.struct(),
                key.struct(),
                Execution.stream()),
        loc,
        scale,
        key);
  }

  public static ArrayHandle truncatedNormal(
      ArrayHandle lower, ArrayHandle upper, int[] shape, DType dtype, ArrayHandle key) {
    ArrayData.requireAllocatable(dtype, shape);
    MemorySegment shapeInts = Scratch.ints(shape);
    return NativeCall.array(
        "mlx_random_truncated_normal",
        o ->
            random_h.mlx_random_truncated_normal(
                o,
                lower.struct(),
                upper.struct(),
                shapeInts,
                shape.length,
                dtype.code(),
                key.struct(),
                Execution.stream()),
        lower,
        upper,
        key);
  }

  public static ArrayHandle multivariateNormal(
      ArrayHandle mean, ArrayHandle cov, int[] shape, DType dtype, ArrayHandle key) {
    ArrayData.requireAllocatable(dtype, shape);
    MemorySegment shapeInts = Scratch.ints(shape);
    return NativeCall.array(
        "mlx_random_multivariate_normal",
        o ->
            random_h.mlx_random_multivariate_normal(
                o,
                mean.struct(),
                cov.struct(),
                shapeInts,
                shape.length,
                dtype.code(),
                key.struct(),
                Execution.stream()),
        mean,
        cov,
        key);
  }

  public static ArrayHandle permutation(ArrayHandle x, int axis, ArrayHandle key) {
    return NativeCall.array(
        "mlx_random_permutation",
        o -> random_h.mlx_random_permutation(o, x.struct(), axis, key.struct(), Execution.stream()),
        x,
        key);
  }

  public static ArrayHandle permutation(int x, ArrayHandle key) {
    return NativeCall.array(
        "mlx_random_permutation_arange",
        o -> random_h.mlx_random_permutation_arange(o, x, key.struct(), Execution.stream()),
        key);
  }

  public static ArrayHandle categorical(
      ArrayHandle logits, int axis, int[] shape, ArrayHandle key) {
    ArrayData.requireAllocatable(DType.UINT32, shape);
    MemorySegment shapeInts = Scratch.ints(shape);
    return NativeCall.array(
        "mlx_random_categorical_shape",
        o ->
            random_h.mlx_random_categorical_shape(
                o,
                logits.struct(),
                axis,
                shapeInts,
                shape.length,
                key.struct(),
                Execution.stream()),
        logits,
        key);
  }

  public static ArrayHandle categorical(
      ArrayHandle logits, int axis, int numSamples, ArrayHandle key) {
    return NativeCall.array(
        "mlx_random_categorical_num_samples",
        o ->
            random_h.mlx_random_categorical_num_samples(
                o, logits.struct(), axis, numSamples, key.struct(), Execution.stream()),
        logits,
        key);
  }

  public static ArrayHandle[] split(ArrayHandle key) {
    return NativeCall.pair(
        "mlx_random_split",
        (first, second) ->
            random_h.mlx_random_split(first, second, key.struct(), Execution.stream()),
        key);
  }
}
