package dev.hbar.monitor.signal;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.Device;
import dev.hbar.mlx.Mlx;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxFast;
import dev.hbar.mlx.MlxOps;
import dev.hbar.mlx.MlxScope;

/**
 * What is needed of p = softmax(z) in the graph, unnormalised: the weight of a token is e = exp(z -
 * max z), so that the likeliest one has exactly 1. The chosen token is kept apart from the others:
 * near p = 1, -ln p loses every digit, while ln(1 + sum of the others / chosen) keeps them.
 */
sealed interface SoftmaxSums {
  /** {@link Reduction#CHOSEN}, float32 [B, 2]. */
  MlxArray chosen();

  /** {@link Reduction#SQUARES}, float32 [B, 1]. */
  MlxArray squares();

  /** {@link Reduction#SUMS}, float32 [B, 4]. */
  MlxArray sums();

  /** Of logits float32 [B, V] and chosen tokens int32 or uint32 [B]. */
  static SoftmaxSums of(MlxScope step, MlxArray logits, MlxArray tokens) {
    return Mlx.device() == Device.CPU && MlxFast.hasCpuKernels()
        ? new Fused(step, step.fast().softmaxSums(logits, tokens))
        : new Composed(step, logits, tokens);
  }

  /**
   * By hbar's own kernel, in one pass.
   *
   * @param all float32 [B, 7]
   */
  record Fused(MlxScope step, MlxArray all) implements SoftmaxSums {
    @Override
    public MlxArray chosen() {
      return columns(0, 2);
    }

    @Override
    public MlxArray squares() {
      return columns(2, 3);
    }

    @Override
    public MlxArray sums() {
      return columns(3, 7);
    }

    private MlxArray columns(int from, int to) {
      return step.ops().slice(all, new int[] {0, from}, new int[] {all.dim(0), to});
    }
  }

  /**
   * By operations of MLX, with one exponential over the vocabulary, which is the dearest operation
   * that there is on a CPU (see {@link dev.hbar.model.layer.Silu}).
   */
  final class Composed implements SoftmaxSums {
    private static final float LOG2_E_QUARTER = (float) (0.25 / Math.log(2));

    private final MlxScope step;
    private final MlxOps ops;
    private final MlxArray column;
    private final MlxArray shifted;
    private final MlxArray quarters;
    private final MlxArray weights;
    private final MlxArray rest;

    Composed(MlxScope step, MlxArray logits, MlxArray tokens) {
      this.step = step;
      this.ops = step.ops();
      this.column = ops.expandDims(tokens, 1);
      this.shifted = ops.subtract(logits, ops.max(logits, -1, true));
      // As a power of two, which MLX computes faster than its exponential on a CPU.
      MlxArray exponent = ops.multiply(shifted, step.scalar(LOG2_E_QUARTER, DType.FLOAT32));
      this.quarters = ops.power(step.scalar(2f, DType.FLOAT32), exponent);
      this.weights = ops.square(ops.square(quarters));
      this.rest = ops.putAlongAxis(weights, column, step.floats(new float[1], 1, 1), 1);
    }

    @Override
    public MlxArray chosen() {
      return ops.concatenate(1, ops.takeAlongAxis(shifted, column, 1), sum(rest));
    }

    @Override
    public MlxArray squares() {
      return sum(ops.square(rest));
    }

    @Override
    public MlxArray sums() {
      return ops.concatenate(
          1,
          sum(ops.multiply(weights, shifted)),
          sum(quarters),
          sum(ops.square(quarters)),
          ops.multiply(sum(shifted), step.scalar(1f / shifted.dim(1), DType.FLOAT32)));
    }

    private MlxArray sum(MlxArray rows) {
      return ops.expandDims(VocabularySum.of(step, rows), 1);
    }
  }
}
