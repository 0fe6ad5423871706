package dev.hbar.monitor.signal;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxOps;
import dev.hbar.mlx.MlxScope;

/**
 * What the signals need of p = softmax(z), from one pass of the exponential over the vocabulary,
 * which is the dearest operation there is on a CPU (see {@link dev.hbar.model.layer.Silu}).
 * Unnormalised: the weight of a token is e = exp(z - max z), so that the likeliest one has exactly
 * 1.
 *
 * @param shifted z - max z, float32 [B, V], nats
 * @param quarters exp((z - max z) / 4), float32 [B, V]; its square and fourth power are cheap
 * @param weights e, float32 [B, V]
 * @param chosen e of the chosen token, float32 [B]
 * @param others sum of e over the tokens not chosen, float32 [B]
 * @param rest e with the chosen token's set to 0, float32 [B, V]
 */
record TokenDistribution(
    MlxArray shifted,
    MlxArray quarters,
    MlxArray weights,
    MlxArray chosen,
    MlxArray others,
    MlxArray rest) {
  private static final float LOG2_E_QUARTER = (float) (0.25 / Math.log(2));

  /**
   * Adds the graph for logits float32 [B, V] and chosen tokens int32 [B].
   *
   * <p>The chosen token is kept apart from the others: near p = 1, -ln p loses every digit, while
   * ln(1 + sum of the others / chosen) keeps them.
   */
  static TokenDistribution of(MlxScope step, MlxArray logits, MlxArray tokens) {
    MlxOps ops = step.ops();
    MlxArray column = ops.expandDims(tokens, 1);
    MlxArray zero = step.floats(new float[1], 1, 1);
    MlxArray shifted = ops.subtract(logits, ops.max(logits, -1, true));
    MlxArray quarters = quarters(step, shifted);
    MlxArray weights = ops.square(ops.square(quarters));
    MlxArray chosen = ops.squeeze(ops.takeAlongAxis(weights, column, 1), 1);
    MlxArray rest = ops.putAlongAxis(weights, column, zero, 1);
    MlxArray others = VocabularySum.of(step, rest);
    return new TokenDistribution(shifted, quarters, weights, chosen, others, rest);
  }

  /** The sum of e, at least 1, [B]. */
  MlxArray total(MlxScope step) {
    return step.ops().add(chosen, others);
  }

  /**
   * The sum of e over all but the likeliest token, [B]: total - 1, without losing digits where the
   * chosen token is the likeliest.
   */
  MlxArray unlikely(MlxScope step) {
    MlxOps ops = step.ops();
    MlxArray one = step.scalar(1f, DType.FLOAT32);
    MlxArray rounded = ops.subtract(total(step), one);
    return ops.where(ops.equal(chosen, one), others, rounded);
  }

  /** As a power of two, which MLX computes faster than its exponential on a CPU. */
  private static MlxArray quarters(MlxScope step, MlxArray shifted) {
    MlxOps ops = step.ops();
    MlxArray exponent = ops.multiply(shifted, step.scalar(LOG2_E_QUARTER, DType.FLOAT32));
    return ops.power(step.scalar(2f, DType.FLOAT32), exponent);
  }

  /**
   * The probabilities of the likeliest tokens, in the graph.
   *
   * @param ascending float32 [B, count], p = softmax(z) in ascending order
   * @param count {@value #MOST}, or the vocabulary if that is smaller; at least 2
   */
  record Likeliest(MlxArray ascending, int count) {
    /** As many as can exceed {@link DistributionSignals#LEAST_DROP}, and the one after them. */
    static final int MOST = 200;

    /** Tokens per block; the vocabularies of today's models are multiples of it. */
    private static final int BLOCK = 16;

    /**
     * Finds them without ordering the vocabulary: the blocks with the largest maxima hold them all.
     */
    static Likeliest of(MlxScope step, TokenDistribution p) {
      MlxOps ops = step.ops();
      int vocabulary = p.weights().dim(-1);
      int count = Math.min(MOST, vocabulary);
      boolean blocks = vocabulary % BLOCK == 0 && vocabulary > BLOCK * count;
      MlxArray candidates = blocks ? largestBlocks(step, p.weights(), count) : p.weights();
      MlxArray sorted = ops.sort(ops.topk(candidates, count, -1), -1);
      return new Likeliest(ops.divide(sorted, ops.expandDims(p.total(step), 1)), count);
    }

    /** The {@code count} blocks with the largest maxima, [B, count * BLOCK]. */
    private static MlxArray largestBlocks(MlxScope step, MlxArray weights, int count) {
      MlxOps ops = step.ops();
      int rows = weights.dim(0);
      int blocks = weights.dim(1) / BLOCK;
      MlxArray table = ops.reshape(weights, rows, blocks, BLOCK);
      MlxArray order = ops.argpartition(ops.max(table, -1, false), blocks - count, -1);
      MlxArray largest = ops.slice(order, new int[] {0, blocks - count}, new int[] {rows, blocks});
      MlxArray gathered = ops.takeAlongAxis(table, ops.expandDims(largest, 2), 1);
      return ops.reshape(gathered, rows, count * BLOCK);
    }

    /** The {@code n} likeliest of them, [B, n], ascending. */
    MlxArray last(MlxScope step, int n) {
      return step.ops()
          .slice(ascending, new int[] {0, count - n}, new int[] {ascending.dim(0), count});
    }
  }
}
