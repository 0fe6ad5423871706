package dev.hbar.study.states;

import java.nio.file.Path;
import java.util.List;

/**
 * A complete states folder.
 *
 * @param folder where it is
 * @param header what it was made of
 * @param rows the samples that have states, in the order of the tensors' rows
 * @param failed number of samples that have none
 */
public record StatesFolder(Path folder, StatesHeader header, List<StatesRow> rows, int failed) {
  /** Copies the list. */
  public StatesFolder {
    rows = List.copyOf(rows);
  }

  /**
   * Opens a folder.
   *
   * @throws RuntimeException naming the file, if it is not complete
   */
  public static StatesFolder open(Path folder) {
    StatesHeader header = StatesFiles.readHeader(folder);
    List<StatesRow> all = StatesFiles.rows(StatesFiles.index(folder));
    List<StatesRow> good = all.stream().filter(row -> !row.failed()).toList();
    return new StatesFolder(folder, header, good, all.size() - good.size());
  }

  /**
   * The states at a point and position, one row per sample (per token for {@link Position#ANSWER}).
   *
   * @throws StatesException if they were not kept
   */
  public float[][] states(String point, Position position) {
    return StatesShard.open(StatesFiles.states(folder)).matrix(StatesFiles.tensor(point, position));
  }

  /** Names of the blocks that were kept, for example {@code block.15}, in their order. */
  public List<String> blocks() {
    return header.points().stream().filter(point -> point.startsWith("block.")).toList();
  }
}
