package dev.hbar.monitor.signal;

import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxOps;
import dev.hbar.mlx.MlxScope;

/**
 * The probabilities of the likeliest tokens, in the graph.
 *
 * @param ascending float32 [B, count], p = softmax(z) in ascending order
 * @param count {@value #MOST}, or the vocabulary if that is smaller; at least 2
 */
record LikeliestTokens(MlxArray ascending, int count) {
  /** As many as can exceed {@link DistributionSignals#LEAST_DROP}, and the one after them. */
  static final int MOST = 200;

  /** Tokens per block; the vocabularies of today's models are multiples of it. */
  private static final int BLOCK = 16;

  /**
   * Finds them without ordering the vocabulary: the blocks with the largest maxima hold them all.
   */
  static LikeliestTokens of(MlxScope step, TokenDistribution p) {
    MlxOps ops = step.ops();
    int vocabulary = p.weights().dim(-1);
    int count = Math.min(MOST, vocabulary);
    boolean blocks = vocabulary % BLOCK == 0 && vocabulary > BLOCK * count;
    MlxArray candidates = blocks ? largestBlocks(step, p.weights(), count) : p.weights();
    MlxArray sorted = ops.sort(ops.topk(candidates, count, -1), -1);
    return new LikeliestTokens(ops.divide(sorted, ops.expandDims(p.total(step), 1)), count);
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
