package dev.hbar.model.family;

import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxScope;
import dev.hbar.model.checkpoint.CheckpointException;
import java.util.Arrays;
import java.util.List;

/**
 * The input of one forward pass: ids int32 [B, T], rows right-aligned.
 *
 * @param padding for every row, how many columns on the left hold no token
 */
public record TokenBatch(MlxArray ids, int[] padding) {
  private static final int PADDING_ID = 0;

  /** B: the number of texts. */
  public int rows() {
    return padding.length;
  }

  /** T: the ids of the longest text in this pass. */
  public int columns() {
    return ids.dim(1);
  }

  /**
   * Rows of ids of any lengths, padded on the left to the longest; a row may be all padding, but
   * not every row.
   *
   * @throws IllegalArgumentException if there is no id, or one outside [0, vocabulary): MLX would
   *     gather foreign memory
   */
  public static TokenBatch of(MlxScope step, List<int[]> rows, int vocabulary) {
    int width = rows.stream().mapToInt(row -> row.length).max().orElse(0);
    if (width == 0) {
      throw new IllegalArgumentException("the prompt has no tokens: give at least one");
    }
    int[] flat = new int[rows.size() * width];
    Arrays.fill(flat, PADDING_ID);
    int[] padding = new int[rows.size()];
    for (int i = 0; i < rows.size(); i++) {
      int[] row = rows.get(i);
      requireInVocabulary(row, vocabulary);
      padding[i] = width - row.length;
      System.arraycopy(row, 0, flat, i * width + padding[i], row.length);
    }
    return new TokenBatch(step.ints(flat, rows.size(), width), padding);
  }

  /** The tokens just chosen, int32 [B], as the next column. */
  public static TokenBatch next(MlxScope step, MlxArray tokens) {
    return new TokenBatch(step.ops().expandDims(tokens, 1), new int[tokens.dim(0)]);
  }

  private static void requireInVocabulary(int[] ids, int vocabulary) {
    for (int id : ids) {
      if (id < 0 || id >= vocabulary) {
        throw new CheckpointException(
            "token id %s is outside the vocabulary of %s: tokenizer.json and config.json are not of one model: download the checkpoint again"
                .formatted(id, vocabulary));
      }
    }
  }
}
