package dev.hbar.model.layer;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxScope;
import dev.hbar.model.layer.RowLayout.Placement;
import dev.hbar.model.layer.RowLayout.Run;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * The keys, or the values, of one layer: [B, heads, capacity, size], updated in place, growing to
 * {@link StateKind.KeysAndValues#capacity} columns, up to its window. It holds the only handle of
 * its array: a second one, or a view that is open at the next evaluation, would make MLX copy all
 * of it every token.
 */
final class KvBuffer implements AutoCloseable {
  /** From which waiting for a copy costs less than what it holds is worth. */
  private static final long LARGE_BYTES = 1L << 20;

  private final MlxScope owner;
  private final int heads;
  private final int dim;
  private MlxArray array;
  private int capacity;

  /** What one or more rows of a new array are made of: runs of columns of rows [from, to). */
  record Source(KvBuffer buffer, int from, int to, List<Run> runs) {}

  private KvBuffer(MlxScope owner, int heads, int dim, MlxArray array, int capacity) {
    this.owner = owner;
    this.heads = heads;
    this.dim = dim;
    this.array = array;
    this.capacity = capacity;
  }

  static KvBuffer empty(MlxScope owner, int heads, int dim, DType dtype, int rows) {
    return new KvBuffer(owner, heads, dim, owner.ops().zeros(dtype, rows, heads, 0, dim), 0);
  }

  /** Saved columns of one row, all of them in use. */
  static KvBuffer restored(MlxScope owner, int heads, int dim, DType dtype, MlxArray array) {
    int[] shape = {1, heads, array.dim(2), dim};
    if (array.dtype() != dtype || !Arrays.equals(array.shape(), shape)) {
      throw new IllegalArgumentException("columns of " + Arrays.toString(array.shape()));
    }
    return new KvBuffer(owner, heads, dim, array, shape[2]);
  }

  MlxArray array() {
    return array;
  }

  /** Makes room for columns that were laid out behind those that stay. */
  void reserve(RowLayout layout) {
    if (layout.placement() instanceof Placement.InPlace && layout.columns() > capacity) {
      int grown = capacityFor(layout, 0);
      try (MlxScope scope = owner.child("cache growth")) {
        MlxArray free = blank(scope, layout.rows(), grown - capacity);
        MlxArray larger = scope.keep(scope.ops().concatenate(2, array, free));
        if (larger.byteSize() > LARGE_BYTES) {
          // At once, so that old and new columns are never held for all layers.
          owner.eval(larger);
        }
        replace(larger, grown);
      }
    }
  }

  private static int capacityFor(RowLayout layout, int room) {
    return (int)
        Math.min(StateKind.KeysAndValues.capacity(layout.columns() + room), layout.reach().size());
  }

  /**
   * Writes x [B, heads, T, size] where {@code layout} has placed the last T columns, and returns
   * all columns in use, a view of the step.
   */
  MlxArray append(MlxScope step, RowLayout layout, MlxArray x) {
    switch (layout.placement()) {
      case Placement.InPlace inPlace ->
          step.ops().sliceUpdate(array, x, from(layout.start()), to(layout, layout.end()));
      case Placement.Anew anew -> writeAnew(layout, anew, x);
    }
    return view(step, layout);
  }

  /** All columns in use, a view of the step. */
  MlxArray view(MlxScope step, RowLayout layout) {
    return step.ops().slice(array, from(0), to(layout, layout.columns()));
  }

  private static int[] from(int column) {
    return new int[] {0, 0, column, 0};
  }

  private int[] to(RowLayout layout, int column) {
    return new int[] {layout.rows(), heads, column, dim};
  }

  private void writeAnew(RowLayout layout, Placement.Anew anew, MlxArray x) {
    try (MlxScope scope = owner.child("cache window")) {
      MlxArray written = joined(scope, sources(anew.kept()), anew.width(), s -> tail(scope, x, s));
      replace(scope.keep(written), layout.columns());
    }
  }

  /** One source for all rows where they keep the same columns. */
  private List<Source> sources(List<List<Run>> kept) {
    if (kept.stream().distinct().count() == 1) {
      return List.of(new Source(this, 0, kept.size(), kept.getFirst()));
    }
    List<Source> sources = new ArrayList<>();
    for (int row = 0; row < kept.size(); row++) {
      sources.add(new Source(this, row, row + 1, kept.get(row)));
    }
    return sources;
  }

  /** Every source right-aligned to {@code width} columns, with its tail behind them. */
  private static MlxArray joined(
      MlxScope scope, List<Source> sources, int width, Function<Source, MlxArray> tail) {
    MlxArray[] rows =
        sources.stream()
            .map(source -> row(scope, source, width, tail.apply(source)))
            .toArray(MlxArray[]::new);
    return rows.length == 1 ? rows[0] : scope.ops().concatenate(0, rows);
  }

  private static MlxArray row(MlxScope scope, Source source, int width, MlxArray tail) {
    KvBuffer buffer = source.buffer();
    int padding = width - RowLayout.length(source.runs());
    List<MlxArray> parts = new ArrayList<>();
    parts.add(buffer.blank(scope, source.to() - source.from(), padding));
    for (Run run : source.runs()) {
      parts.add(buffer.range(scope, buffer.array, source, run));
    }
    parts.add(tail);
    return scope.ops().concatenate(2, parts.toArray(MlxArray[]::new));
  }

  /** The rows of x that go behind a source of this buffer. */
  private MlxArray tail(MlxScope scope, MlxArray x, Source source) {
    return range(scope, x, source, new Run(0, x.dim(2)));
  }

  private MlxArray range(MlxScope scope, MlxArray whole, Source source, Run run) {
    int[] start = {source.from(), 0, run.from(), 0};
    int[] stop = {source.to(), heads, run.to(), dim};
    return scope.ops().slice(whole, start, stop);
  }

  private MlxArray blank(MlxScope scope, int rows, int columns) {
    return scope.ops().zeros(array.dtype(), rows, heads, columns, dim);
  }

  private void replace(MlxArray other, int columns) {
    array.close();
    array = other;
    capacity = columns;
  }

  /**
   * A new buffer of these rows, laid out as {@link RowLayout#stacked}.
   *
   * @param room for so many columns behind them
   */
  static KvBuffer stacked(MlxScope owner, List<Source> rows, RowLayout layout, int room) {
    int capacity = capacityFor(layout, room);
    int free = capacity - layout.columns();
    try (MlxScope scope = owner.child("cache stack")) {
      MlxArray joined =
          joined(scope, rows, layout.columns(), s -> s.buffer().blank(scope, 1, free));
      KvBuffer first = rows.getFirst().buffer();
      return new KvBuffer(owner, first.heads, first.dim, scope.keep(joined), capacity);
    }
  }

  /** Goes on with these rows only, int32, in this order. */
  void retain(MlxArray rows) {
    try (MlxScope scope = owner.child("cache rows")) {
      MlxArray kept = scope.keep(scope.ops().take(array, rows, 0));
      // At once, so that old and new rows are never held for two buffers.
      owner.eval(kept);
      replace(kept, capacity);
    }
  }

  @Override
  public void close() {
    array.close();
  }
}
