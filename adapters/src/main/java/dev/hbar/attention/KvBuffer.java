package dev.hbar.attention;

import dev.hbar.attention.RowLayout.Placement;
import dev.hbar.attention.RowLayout.Run;
import dev.hbar.layer.AttentionShape;
import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxScope;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The keys, or the values, of one layer: [B, kvHeads, capacity, headDim], updated in place, growing
 * in steps of 256 columns up to its window. It holds the only handle of its array: a second one, or
 * a view that is open at the next evaluation, would make MLX copy all of it every token.
 */
final class KvBuffer implements AutoCloseable {
  private static final int STEP = 256;

  private final MlxScope owner;
  private MlxArray array;

  /** What one or more rows of a new array are made of: runs of columns of rows [from, to). */
  record Source(KvBuffer buffer, int from, int to, List<Run> runs) {}

  private KvBuffer(MlxScope owner, MlxArray array) {
    this.owner = owner;
    this.array = array;
  }

  static KvBuffer empty(MlxScope owner, AttentionShape shape, DType dtype, int rows) {
    return new KvBuffer(owner, owner.ops().zeros(dtype, rows, shape.kvHeads(), 0, shape.headDim()));
  }

  MlxArray array() {
    return array;
  }

  /**
   * Writes x [B, kvHeads, T, headDim] where {@code layout} has placed the last T columns, and
   * returns all columns in use, a view of the step.
   */
  MlxArray append(MlxScope step, RowLayout layout, MlxArray x) {
    switch (layout.placement()) {
      case Placement.InPlace inPlace -> write(step, layout, x);
      case Placement.Anew anew -> writeAnew(anew, x);
    }
    int[] stop = array.shape();
    stop[2] = layout.columns();
    return step.ops().slice(array, new int[4], stop);
  }

  private void write(MlxScope step, RowLayout layout, MlxArray x) {
    reserve(layout.columns(), layout.window());
    int[] stop = x.shape();
    stop[2] = layout.start() + x.dim(2);
    step.ops().sliceUpdate(array, x, new int[] {0, 0, layout.start(), 0}, stop);
  }

  private void reserve(int columns, int window) {
    int capacity = array.dim(2);
    if (columns > capacity) {
      int grown = Math.min(rounded(columns), window);
      try (MlxScope scope = owner.child("cache growth")) {
        MlxArray free = blank(scope, array, array.dim(0), grown - capacity);
        replace(scope.keep(scope.ops().concatenate(2, array, free)));
      }
    }
  }

  private static int rounded(int columns) {
    return Math.ceilDiv(columns, STEP) * STEP;
  }

  private void writeAnew(Placement.Anew anew, MlxArray x) {
    try (MlxScope scope = owner.child("cache window")) {
      replace(
          scope.keep(joined(scope, sources(anew.kept()), anew.width(), s -> rows(scope, x, s))));
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
    MlxArray array = source.buffer().array;
    int padding = width - RowLayout.length(source.runs());
    List<MlxArray> parts = new ArrayList<>();
    parts.add(blank(scope, array, source.to() - source.from(), padding));
    for (Run run : source.runs()) {
      int[] start = {source.from(), 0, run.from(), 0};
      int[] stop = {source.to(), array.dim(1), run.to(), array.dim(3)};
      parts.add(scope.ops().slice(array, start, stop));
    }
    parts.add(tail);
    return scope.ops().concatenate(2, parts.toArray(MlxArray[]::new));
  }

  /** The rows of x that go behind a source of this buffer. */
  private static MlxArray rows(MlxScope scope, MlxArray x, Source source) {
    int[] stop = x.shape();
    stop[0] = source.to();
    return scope.ops().slice(x, new int[] {source.from(), 0, 0, 0}, stop);
  }

  private static MlxArray blank(MlxScope scope, MlxArray like, int rows, int columns) {
    return scope.ops().zeros(like.dtype(), rows, like.dim(1), columns, like.dim(3));
  }

  private void replace(MlxArray other) {
    array.close();
    array = other;
  }

  /** A new buffer of these rows, laid out as {@link RowLayout#stacked}. */
  static KvBuffer stacked(MlxScope owner, List<Source> rows, RowLayout layout) {
    try (MlxScope scope = owner.child("cache stack")) {
      int free = Math.min(rounded(layout.columns()), layout.window()) - layout.columns();
      MlxArray joined =
          joined(scope, rows, layout.columns(), s -> blank(scope, s.buffer().array, 1, free));
      return new KvBuffer(owner, scope.keep(joined));
    }
  }

  /** Goes on with these rows only, int32, in this order. */
  void retain(MlxArray rows) {
    try (MlxScope scope = owner.child("cache rows")) {
      MlxArray kept = scope.keep(scope.ops().take(array, rows, 0));
      // At once, so that old and new rows are never held for two buffers.
      owner.eval(kept);
      replace(kept);
    }
  }

  @Override
  public void close() {
    array.close();
  }
}
