package dev.hbar.monitor.generation;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxOps;
import dev.hbar.mlx.MlxScope;
import dev.hbar.model.tokenizer.Tokenizer;
import dev.hbar.monitor.generation.GeneratedToken.Alternative;
import dev.hbar.monitor.signal.VocabularySum;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The likeliest tokens of a distribution, chosen inside the graph; two numbers each leave it.
 *
 * @param count how many, at most the vocabulary's size
 */
record Likeliest(int count) {
  /** So many of a vocabulary, or all of it. */
  static Likeliest of(int wanted, int vocabulary) {
    return new Likeliest(Math.min(wanted, vocabulary));
  }

  /** Numbers per row. */
  int width() {
    return 2 * count;
  }

  /**
   * [B, 2 k]: the ids, exact in float32 below 2^24, and their ln p.
   *
   * @param logits float32 [B, V]
   */
  MlxArray measure(MlxScope step, MlxArray logits) {
    MlxOps ops = step.ops();
    int rows = logits.dim(0);
    int vocabulary = logits.dim(-1);
    MlxArray order = ops.argpartition(logits, vocabulary - count, -1);
    MlxArray ids =
        ops.slice(order, new int[] {0, vocabulary - count}, new int[] {rows, vocabulary});
    MlxArray total = VocabularySum.logSumExp(step, logits);
    MlxArray logP = ops.subtract(ops.takeAlongAxis(logits, ids, 1), total);
    return ops.concatenate(1, ops.astype(ids, DType.FLOAT32), logP);
  }

  /**
   * Those of one row, most likely first.
   *
   * @param at where its numbers begin
   */
  List<Alternative> read(float[] measured, int at, Tokenizer tokenizer) {
    return IntStream.range(at, at + count)
        .mapToObj(
            i ->
                new Alternative(
                    (int) measured[i],
                    tokenizer.decode(new int[] {(int) measured[i]}, false),
                    measured[i + count]))
        .sorted(
            Comparator.comparingDouble(Alternative::logProbability)
                .reversed()
                .thenComparingInt(Alternative::id))
        .toList();
  }
}
