package dev.hbar.model.layer;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxScope;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Keys and values of one layer.
 *
 * @param reach which of them a query sees
 */
record KvState(Reach reach, KvBuffer keys, KvBuffer values) implements LayerState {
  /** One row of a state that another is stacked from. */
  record Source(KvState state, int row, List<RowLayout.Run> runs) {
    private KvBuffer.Source of(KvBuffer buffer) {
      return new KvBuffer.Source(buffer, row, row + 1, runs);
    }
  }

  static KvState empty(MlxScope owner, StateKind.KeysAndValues kind, DType dtype, int rows) {
    return new KvState(
        Reach.of(kind),
        KvBuffer.empty(owner, kind.heads(), kind.keyDim(), dtype, rows),
        KvBuffer.empty(owner, kind.heads(), kind.valueDim(), dtype, rows));
  }

  /** Saved keys and values, as long as each other. */
  static KvState restored(
      MlxScope owner,
      StateKind.KeysAndValues kind,
      DType dtype,
      String name,
      Map<String, MlxArray> arrays) {
    MlxArray keys = arrays.get(name + "keys");
    MlxArray values = arrays.get(name + "values");
    if (keys == null
        || values == null
        || keys.shape().length != 4
        || keys.dim(2) != values.dim(2)) {
      throw new IllegalArgumentException("no keys and values " + name);
    }
    return new KvState(
        Reach.of(kind),
        KvBuffer.restored(owner, kind.heads(), kind.keyDim(), dtype, keys),
        KvBuffer.restored(owner, kind.heads(), kind.valueDim(), dtype, values));
  }

  /**
   * A new state of these rows, laid out as {@code layout}.
   *
   * @param room for so many columns behind them
   */
  static KvState stacked(MlxScope owner, List<Source> rows, RowLayout layout, int room) {
    return new KvState(
        layout.reach(),
        stacked(owner, rows, KvState::keys, layout, room),
        stacked(owner, rows, KvState::values, layout, room));
  }

  private static KvBuffer stacked(
      MlxScope owner,
      List<Source> rows,
      Function<KvState, KvBuffer> part,
      RowLayout layout,
      int room) {
    return KvBuffer.stacked(
        owner, rows.stream().map(row -> row.of(part.apply(row.state()))).toList(), layout, room);
  }

  /** Makes room for columns that were laid out behind those that stay. */
  void reserve(RowLayout layout) {
    keys.reserve(layout);
    values.reserve(layout);
  }

  @Override
  public Stream<MlxArray> arrays() {
    return Stream.of(keys.array(), values.array());
  }

  @Override
  public void retain(MlxArray rows) {
    keys.retain(rows);
    values.retain(rows);
  }

  @Override
  public void close() {
    keys.close();
    values.close();
  }
}
