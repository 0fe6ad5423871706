package dev.hbar.model.decode;

import dev.hbar.mlx.Device;
import dev.hbar.mlx.Mlx;
import dev.hbar.mlx.MlxScope;
import dev.hbar.model.family.CausalLm;
import dev.hbar.model.family.TokenBatch;
import dev.hbar.model.layer.KvCache;
import java.util.Arrays;
import java.util.List;

/**
 * Fills a cache with prompts piece by piece, evaluating after each: one long command would freeze a
 * Mac's screen, and its activations would all be live at once.
 */
public final class Prefill {
  /** Tokens per piece, counted over all rows. */
  public static final int CHUNK = 512;

  /**
   * Attention scores per piece and head on a CPU, where a model writes them out: what MLX allocates
   * ahead of its worker grows with tokens times keys, so pieces get shorter as the context gets
   * longer.
   */
  private static final int CPU_SCORES = CHUNK * CHUNK;

  private final CausalLm model;
  private final MlxScope run;
  private final int chunk;
  private final boolean writesScores;

  /** A prefill into caches of {@code run}. */
  public Prefill(CausalLm model, MlxScope run) {
    this(model, run, CHUNK);
  }

  /**
   * @param chunk tokens per piece at most, over all rows
   */
  public Prefill(CausalLm model, MlxScope run, int chunk) {
    this.model = model;
    this.run = run;
    this.chunk = chunk;
    this.writesScores = Mlx.device() == Device.CPU && model.writesScores();
  }

  /** Appends all ids to a cache of one row. */
  public void all(KvCache cache, int[] ids) {
    int[] rest = ids;
    while (rest.length > 0) {
      int columns = columns(cache, rest.length);
      append(cache, List.of(Arrays.copyOf(rest, columns)));
      rest = Arrays.copyOfRange(rest, columns, rest.length);
    }
  }

  /**
   * Appends all but the last piece of every row, the rows right-aligned.
   *
   * @param rows ids to append to each row of the cache, at least one each
   * @return what is left for the pass that gives the first logits, at least one id of each row
   */
  public List<int[]> allButLastPiece(KvCache cache, List<int[]> rows) {
    List<int[]> left = rows;
    List<int[]> before;
    do {
      before = left;
      left = onePiece(cache, before);
    } while (left != before);
    return left;
  }

  /**
   * Appends one piece of every row, the rows right-aligned, unless the last one is all that is
   * left.
   *
   * @return what is left then; the same list if nothing was appended
   */
  List<int[]> onePiece(KvCache cache, List<int[]> rows) {
    int left = rows.stream().mapToInt(row -> row.length).max().orElse(0);
    int columns = columns(cache, left);
    if (columns >= left) {
      return rows;
    }
    append(cache, between(rows, left, left - columns));
    return between(rows, left - columns, 0);
  }

  /**
   * Appends all but the last id of every row, the rows right-aligned.
   *
   * @param rows ids to append to each row of the cache, at least one each
   */
  public void allButLastToken(KvCache cache, List<int[]> rows) {
    int left = rows.stream().mapToInt(row -> row.length).max().orElse(0);
    while (left > 1) {
      int columns = columns(cache, left - 1);
      append(cache, between(rows, left, left - columns));
      left -= columns;
    }
  }

  /** The ids of every row whose distance from its end is in [to, from). */
  private static List<int[]> between(List<int[]> rows, int from, int to) {
    return rows.stream()
        .map(
            row ->
                Arrays.copyOfRange(
                    row, Math.max(0, row.length - from), Math.max(0, row.length - to)))
        .toList();
  }

  /** Columns of the next piece when {@code left} are left: all pieces of nearly the same width. */
  private int columns(KvCache cache, int left) {
    int keys = cache.columns() + left;
    int tokens = writesScores ? Math.min(chunk, CPU_SCORES / keys) : chunk;
    int most = Math.max(1, tokens / cache.rows());
    return Math.ceilDiv(left, Math.ceilDiv(left, most));
  }

  private void append(KvCache cache, List<int[]> piece) {
    try (MlxScope step = run.child("prefill")) {
      model.prefill(step, TokenBatch.of(step, piece, model.config().vocabSize()), cache);
      step.eval(cache.buffers());
    }
  }
}
