package dev.hbar.monitor.signal;

import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxOps;
import dev.hbar.mlx.MlxScope;

/** The largest logits of each row, found without ordering the vocabulary. */
final class TopLogits {
  /** As many as can exceed {@link DistributionSignals#LEAST_DROP}, and the one after them. */
  static final int MOST = 200;

  /** Tokens per block; the vocabularies of today's models are multiples of it. */
  private static final int BLOCK = 16;

  private TopLogits() {}

  /** How many of so large a vocabulary. */
  static int count(int vocabulary) {
    return Math.min(MOST, vocabulary);
  }

  /** Those of logits [B, V], in no order, [B, count]. */
  static MlxArray of(MlxScope step, MlxArray logits) {
    int vocabulary = logits.dim(1);
    int count = count(vocabulary);
    if (count == vocabulary) {
      return logits;
    }
    boolean blocks = vocabulary % BLOCK == 0 && vocabulary > BLOCK * count;
    return step.ops().topk(blocks ? largestBlocks(step, logits, count) : logits, count, -1);
  }

  /** The {@code count} blocks with the largest maxima, which hold them all, [B, count * BLOCK]. */
  private static MlxArray largestBlocks(MlxScope step, MlxArray logits, int count) {
    MlxOps ops = step.ops();
    int rows = logits.dim(0);
    int blocks = logits.dim(1) / BLOCK;
    MlxArray table = ops.reshape(logits, rows, blocks, BLOCK);
    MlxArray order = ops.argpartition(ops.max(table, -1, false), blocks - count, -1);
    MlxArray largest = ops.slice(order, new int[] {0, blocks - count}, new int[] {rows, blocks});
    MlxArray gathered = ops.takeAlongAxis(table, ops.expandDims(largest, 2), 1);
    return ops.reshape(gathered, rows, count * BLOCK);
  }
}
