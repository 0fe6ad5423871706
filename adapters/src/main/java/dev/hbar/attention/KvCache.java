package dev.hbar.attention;

import dev.hbar.layer.AttentionShape;
import dev.hbar.layer.Positions;
import dev.hbar.mlx.DType;
import dev.hbar.mlx.Mask;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxScope;
import java.util.Arrays;
import java.util.List;

/**
 * Keys and values of all layers, [B, kvHeads, capacity, headDim] each, updated in place. Capacity
 * grows in steps of 256 columns. Owned by the scope it was made in, which holds the only handle of
 * each buffer: a second handle, or a view that is open at the next evaluation, would make MLX copy
 * the whole buffer every token.
 */
public final class KvCache implements AutoCloseable {
  private static final int STEP = 256;

  private final MlxScope owner;
  private final AttentionShape shape;
  private final DType dtype;
  private final MlxArray[] keys;
  private final MlxArray[] values;
  private RowLayout layout;
  private int capacity;

  /** Views of the columns in use; they belong to the step that asked for them. */
  public record View(MlxArray keys, MlxArray values) {}

  private KvCache(MlxScope owner, AttentionShape shape, DType dtype, int layers, RowLayout layout) {
    this.owner = owner;
    this.shape = shape;
    this.dtype = dtype;
    this.keys = new MlxArray[layers];
    this.values = new MlxArray[layers];
    this.layout = layout;
  }

  /** An empty cache for {@code rows} sequences. */
  public static KvCache empty(
      MlxScope owner, AttentionShape shape, DType dtype, int layers, int rows) {
    return new KvCache(owner, shape, dtype, layers, new RowLayout(rows));
  }

  public int rows() {
    return layout.rows();
  }

  /** Columns in use, padding included. */
  public int columns() {
    return layout.columns();
  }

  /** Tokens in one row, padding excluded. */
  public int tokens(int row) {
    return layout.tokens(row);
  }

  /** Type of keys, values and the additive mask. */
  public DType dtype() {
    return dtype;
  }

  /**
   * Reserves {@code columns} new columns and says what the layers need to fill them.
   *
   * @param padding for every row, how many of the new columns, from the left, hold no token
   */
  public StepPlan plan(MlxScope step, int columns, int[] padding, MaskChoice choice) {
    boolean uniformBefore = layout.isUniform();
    int[] first = new int[rows()];
    Arrays.setAll(first, row -> layout.tokens(row) - padding[row]);
    layout.append(columns, padding);
    reserve(layout.columns());
    boolean uniform = uniformBefore && layout.isUniform();
    Positions positions =
        uniform
            ? new Positions.Shared(first[0])
            : new Positions.PerRow(step.ints(first, first.length));
    return new StepPlan(rows(), columns, positions, mask(step, columns, uniform, choice));
  }

  private Mask mask(MlxScope step, int columns, boolean uniform, MaskChoice choice) {
    if (uniform && columns == 1) {
      return Mask.NONE;
    }
    if (uniform && choice != MaskChoice.ADDITIVE) {
      return Mask.CAUSAL;
    }
    return CausalMask.additive(step, layout, columns, dtype);
  }

  /**
   * Writes the last T columns of a layer, k and v [B, kvHeads, T, headDim], and returns all columns
   * in use.
   */
  public View append(MlxScope step, int layer, MlxArray k, MlxArray v) {
    int end = layout.columns();
    int[] start = {0, 0, end - k.dim(2), 0};
    int[] stop = {rows(), shape.kvHeads(), end, shape.headDim()};
    step.ops().sliceUpdate(keys[layer], k, start, stop);
    step.ops().sliceUpdate(values[layer], v, start, stop);
    int[] origin = new int[4];
    return new View(
        step.ops().slice(keys[layer], origin, stop), step.ops().slice(values[layer], origin, stop));
  }

  private void reserve(int columns) {
    if (columns <= capacity) {
      return;
    }
    int grown = Math.ceilDiv(columns, STEP) * STEP;
    for (int layer = 0; layer < keys.length; layer++) {
      keys[layer] = widened(keys[layer], grown);
      values[layer] = widened(values[layer], grown);
    }
    capacity = grown;
  }

  private MlxArray widened(MlxArray buffer, int columns) {
    int missing = columns - capacity;
    try (MlxScope growth = owner.child("cache growth")) {
      MlxArray zeros = growth.ops().zeros(dtype, rows(), shape.kvHeads(), missing, shape.headDim());
      if (buffer == null) {
        return growth.keep(zeros);
      }
      MlxArray wider = growth.keep(growth.ops().concatenate(2, buffer, zeros));
      buffer.close();
      return wider;
    }
  }

  /**
   * A new cache whose row i continues row {@code rows[i]} of {@code caches[i]}: forks a shared
   * prefix, and stacks sequences of different lengths into one batch. The sources stay as they are.
   */
  public static KvCache stack(MlxScope owner, List<KvCache> caches, int[] rows) {
    KvCache first = caches.getFirst();
    int width = caches.stream().mapToInt(KvCache::columns).max().orElseThrow();
    RowLayout[] layouts = caches.stream().map(cache -> cache.layout).toArray(RowLayout[]::new);
    RowLayout layout = RowLayout.stacked(layouts, rows, width);
    KvCache stacked = new KvCache(owner, first.shape, first.dtype, first.keys.length, layout);
    for (int layer = 0; layer < first.keys.length; layer++) {
      int index = layer;
      stacked.keys[layer] = stacked.joined(caches, rows, cache -> cache.keys[index], width);
      stacked.values[layer] = stacked.joined(caches, rows, cache -> cache.values[index], width);
    }
    stacked.capacity = Math.ceilDiv(width, STEP) * STEP;
    owner.eval(stacked.buffers());
    return stacked;
  }

  @FunctionalInterface
  private interface Buffer {
    MlxArray of(KvCache cache);
  }

  private MlxArray joined(List<KvCache> caches, int[] rows, Buffer buffer, int width) {
    int wanted = Math.ceilDiv(width, STEP) * STEP;
    try (MlxScope scope = owner.child("cache stack")) {
      MlxArray[] parts = new MlxArray[rows.length];
      for (int i = 0; i < parts.length; i++) {
        KvCache cache = caches.get(i);
        int used = cache.columns();
        MlxArray row =
            scope
                .ops()
                .slice(
                    buffer.of(cache),
                    new int[] {rows[i], 0, 0, 0},
                    new int[] {rows[i] + 1, shape.kvHeads(), used, shape.headDim()});
        parts[i] =
            scope
                .ops()
                .concatenate(2, padding(scope, width - used), row, padding(scope, wanted - width));
      }
      return scope.keep(scope.ops().concatenate(0, parts));
    }
  }

  private MlxArray padding(MlxScope scope, int columns) {
    return scope.ops().zeros(dtype, 1, shape.kvHeads(), columns, shape.headDim());
  }

  /**
   * Goes on with these rows only, in this order: what the others held is given back, and a step
   * costs less. Copies what stays.
   */
  public void retain(int[] rows) {
    layout = layout.retained(rows);
    try (MlxScope scope = owner.child("cache rows")) {
      MlxArray indices = scope.ints(rows, rows.length);
      for (int layer = 0; layer < keys.length; layer++) {
        keys[layer] = gathered(scope, keys[layer], indices);
        values[layer] = gathered(scope, values[layer], indices);
      }
    }
  }

  /** Evaluated at once, so that a buffer's old and new rows are never held for two layers. */
  private static MlxArray gathered(MlxScope scope, MlxArray buffer, MlxArray rows) {
    MlxArray kept = scope.keep(scope.ops().take(buffer, rows, 0));
    scope.eval(kept);
    buffer.close();
    return kept;
  }

  /** All buffers, for an evaluation that wants no logits. */
  public MlxArray[] buffers() {
    MlxArray[] all = Arrays.copyOf(keys, 2 * keys.length);
    System.arraycopy(values, 0, all, keys.length, values.length);
    return all;
  }

  /** Frees the buffers before the owner does. */
  @Override
  public void close() {
    for (MlxArray buffer : buffers()) {
      if (buffer != null) {
        buffer.close();
      }
    }
  }
}
