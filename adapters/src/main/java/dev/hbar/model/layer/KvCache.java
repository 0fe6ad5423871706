package dev.hbar.model.layer;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.Mask;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxScope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Keys and values of all layers, updated in place. A layer with a window holds no more than what
 * the next query sees and the last piece; layers with the same window share layout and mask. Owned
 * by the scope it was made in.
 */
public final class KvCache implements AutoCloseable {
  private final MlxScope owner;
  private final DType dtype;
  private final List<Layer> layers;
  private final Map<Integer, RowLayout> layouts;
  private SequenceLength[] lengths;

  private record Layer(int window, KvBuffer keys, KvBuffer values) {}

  /** Views of the columns in use; they belong to the step that asked for them. */
  public record View(MlxArray keys, MlxArray values) {}

  private KvCache(
      MlxScope owner,
      DType dtype,
      List<Layer> layers,
      Map<Integer, RowLayout> layouts,
      SequenceLength[] lengths) {
    this.owner = owner;
    this.dtype = dtype;
    this.layers = layers;
    this.layouts = layouts;
    this.lengths = lengths;
  }

  /**
   * An empty cache for one sequence per entry of {@code lengths}.
   *
   * @param windows one per layer: the last keys that a query sees, itself included; empty: all
   */
  public static KvCache empty(
      MlxScope owner,
      AttentionShape shape,
      DType dtype,
      List<OptionalInt> windows,
      List<SequenceLength> lengths) {
    int rows = lengths.size();
    List<Layer> layers = new ArrayList<>();
    Map<Integer, RowLayout> layouts = new LinkedHashMap<>();
    for (OptionalInt given : windows) {
      int window = given.orElse(RowLayout.UNBOUNDED);
      layers.add(
          new Layer(
              window,
              KvBuffer.empty(owner, shape, dtype, rows),
              KvBuffer.empty(owner, shape, dtype, rows)));
      layouts.computeIfAbsent(window, of -> new RowLayout(rows, of));
    }
    return new KvCache(owner, dtype, layers, layouts, lengths.toArray(SequenceLength[]::new));
  }

  public int rows() {
    return anyLayout().rows();
  }

  /** Columns in use in the layers that hold most, padding included. */
  public int columns() {
    return layouts.values().stream().mapToInt(RowLayout::columns).max().orElseThrow();
  }

  /** Tokens in one row, padding excluded. */
  public int tokens(int row) {
    return anyLayout().tokens(row);
  }

  /** They differ in columns only. */
  private RowLayout anyLayout() {
    return layouts.values().iterator().next();
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
    int[] first = new int[rows()];
    Arrays.setAll(first, row -> tokens(row) - padding[row]);
    Map<Integer, Mask> masks = new LinkedHashMap<>();
    layouts.forEach(
        (window, layout) -> {
          layout.append(columns, padding);
          masks.put(window, CausalMask.of(step, layout, columns, dtype, choice));
        });
    List<Mask> perLayer = new ArrayList<>(layers.size());
    for (Layer layer : layers) {
      perLayer.add(masks.get(layer.window()));
      layer.keys().reserve(layouts.get(layer.window()));
      layer.values().reserve(layouts.get(layer.window()));
    }
    return new StepPlan(rows(), columns, positions(step, first), perLayer);
  }

  /** After the new columns were laid out. */
  private Positions positions(MlxScope step, int[] first) {
    boolean shared = true;
    for (int row = 0; row < lengths.length; row++) {
      lengths[row] = lengths[row].at(tokens(row));
      shared &= first[row] == first[0] && lengths[row].equals(lengths[0]);
    }
    return shared
        ? new Positions.Shared(first[0], lengths[0])
        : new Positions.PerRow(step.ints(first, first.length), List.of(lengths));
  }

  /**
   * Writes the columns that were planned last, k and v [B, kvHeads, T, headDim] of one layer, and
   * returns all columns in use.
   */
  public View append(MlxScope step, int layerIndex, MlxArray k, MlxArray v) {
    Layer layer = layers.get(layerIndex);
    RowLayout layout = layouts.get(layer.window());
    return new View(layer.keys().append(step, layout, k), layer.values().append(step, layout, v));
  }

  /**
   * A new cache whose row i continues row {@code rows[i]} of {@code caches[i]}: forks a shared
   * prefix, and stacks sequences of different lengths into one batch. The sources stay as they are.
   */
  public static KvCache stack(MlxScope owner, List<KvCache> caches, int[] rows) {
    KvCache first = caches.getFirst();
    Map<Integer, RowLayout> layouts = new LinkedHashMap<>();
    for (int window : first.layouts.keySet()) {
      List<RowLayout> sources = caches.stream().map(cache -> cache.layouts.get(window)).toList();
      layouts.put(window, RowLayout.stacked(sources, rows));
    }
    List<Layer> layers = new ArrayList<>();
    for (int i = 0; i < first.layers.size(); i++) {
      int window = first.layers.get(i).window();
      RowLayout to = layouts.get(window);
      layers.add(
          new Layer(
              window,
              stacked(owner, caches, rows, i, Layer::keys, to),
              stacked(owner, caches, rows, i, Layer::values, to)));
    }
    SequenceLength[] lengths = new SequenceLength[rows.length];
    Arrays.setAll(lengths, row -> caches.get(row).lengths[rows[row]]);
    KvCache stacked = new KvCache(owner, first.dtype, layers, layouts, lengths);
    owner.eval(stacked.buffers());
    return stacked;
  }

  private static KvBuffer stacked(
      MlxScope owner,
      List<KvCache> caches,
      int[] rows,
      int layer,
      Function<Layer, KvBuffer> part,
      RowLayout to) {
    List<KvBuffer.Source> sources = new ArrayList<>();
    for (int i = 0; i < rows.length; i++) {
      KvBuffer buffer = part.apply(caches.get(i).layers.get(layer));
      RowLayout from = caches.get(i).layouts.get(to.window());
      sources.add(new KvBuffer.Source(buffer, rows[i], rows[i] + 1, from.seen(rows[i])));
    }
    return KvBuffer.stacked(owner, sources, to);
  }

  /**
   * Goes on with these rows only, in this order: what the others held is given back, and a step
   * costs less. Copies what stays.
   */
  public void retain(int[] rows) {
    layouts.replaceAll((window, layout) -> layout.retained(rows));
    lengths = Arrays.stream(rows).mapToObj(row -> lengths[row]).toArray(SequenceLength[]::new);
    try (MlxScope scope = owner.child("cache rows")) {
      MlxArray indices = scope.ints(rows, rows.length);
      allBuffers().forEach(buffer -> buffer.retain(indices));
    }
  }

  /** All buffers, for an evaluation that wants no logits. */
  public MlxArray[] buffers() {
    return allBuffers().map(KvBuffer::array).toArray(MlxArray[]::new);
  }

  private Stream<KvBuffer> allBuffers() {
    return layers.stream().flatMap(layer -> Stream.of(layer.keys(), layer.values()));
  }

  /** Frees the buffers before the owner does. */
  @Override
  public void close() {
    allBuffers().forEach(KvBuffer::close);
  }
}
