package dev.hbar.model.layer;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.Mask;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxMemory;
import dev.hbar.mlx.MlxScope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ObjIntConsumer;

/**
 * What all layers keep of the tokens so far, each by its {@link StateKind}, updated in place. Keys
 * and values of a layer with a window are no more than what the next query sees and the last piece;
 * layers with the same window share layout and mask. Owned by the scope it was made in.
 */
public final class KvCache implements AutoCloseable {
  /** Layers whose copies leave holes that no larger array fits into, before they are given back. */
  private static final int LAYERS_GIVEN_BACK = 8;

  private final MlxScope owner;
  private final DType dtype;
  private final List<LayerState> layers;
  private final Map<Reach, RowLayout> layouts;
  private SequenceLength[] lengths;

  /** Views of the columns in use; they belong to the step that asked for them. */
  public record View(MlxArray keys, MlxArray values) {}

  private KvCache(
      MlxScope owner,
      DType dtype,
      List<LayerState> layers,
      Map<Reach, RowLayout> layouts,
      SequenceLength[] lengths) {
    this.owner = owner;
    this.dtype = dtype;
    this.layers = layers;
    this.layouts = layouts;
    this.lengths = lengths;
  }

  /**
   * An empty cache of these kinds, one per layer, for one sequence per entry of {@code lengths}.
   */
  public static KvCache empty(
      MlxScope owner, DType dtype, List<StateKind> kinds, List<SequenceLength> lengths) {
    int rows = lengths.size();
    List<LayerState> layers = new ArrayList<>();
    Map<Reach, RowLayout> layouts = new LinkedHashMap<>();
    for (StateKind kind : kinds) {
      LayerState layer = LayerState.empty(owner, kind, dtype, rows);
      layers.add(layer);
      layouts.computeIfAbsent(reach(layer), of -> new RowLayout(rows, of));
    }
    return new KvCache(owner, dtype, layers, layouts, lengths.toArray(SequenceLength[]::new));
  }

  /** A layer without keys counts its tokens as one that sees all. */
  private static Reach reach(LayerState layer) {
    return layer instanceof KvState keysAndValues ? keysAndValues.reach() : Reach.ALL;
  }

  /** Number of texts. */
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
    Map<Reach, Mask> masks = new LinkedHashMap<>();
    layouts.forEach(
        (reach, layout) -> {
          layout.append(columns, padding);
          masks.put(reach, CausalMask.of(step, layout, columns, dtype, choice));
        });
    List<Mask> perLayer = new ArrayList<>(layers.size());
    for (LayerState layer : layers) {
      if (layer instanceof KvState state) {
        state.reserve(layouts.get(state.reach()));
      }
      perLayer.add(layer instanceof KvState ? masks.get(reach(layer)) : Mask.NONE);
    }
    Padding blank = new Padding(columns, padding);
    return new StepPlan(rows(), columns, blank, positions(step, first), perLayer, Optional.empty());
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
    KvState state = (KvState) layers.get(layerIndex);
    RowLayout layout = layouts.get(state.reach());
    return new View(state.keys().append(step, layout, k), state.values().append(step, layout, v));
  }

  /** All columns in use of a layer that has written those that were planned last. */
  public View view(MlxScope step, int layerIndex) {
    KvState state = (KvState) layers.get(layerIndex);
    RowLayout layout = layouts.get(state.reach());
    return new View(state.keys().view(step, layout), state.values().view(step, layout));
  }

  /** The state of a layer of kind {@link StateKind.Recurrent}. */
  public RecurrentState recurrent(int layerIndex) {
    return (RecurrentState) layers.get(layerIndex);
  }

  /**
   * A new cache whose row i continues row {@code rows[i]} of {@code caches[i]}: forks a shared
   * prefix, and stacks sequences of different lengths into one batch. The sources stay as they are.
   */
  public static KvCache stack(MlxScope owner, List<KvCache> caches, int[] rows) {
    KvCache stacked = stacked(owner, caches, rows, 0, (state, layer) -> {});
    owner.eval(stacked.buffers());
    return stacked;
  }

  /**
   * The same, where the sources are spent: each of their layers is freed as soon as it was copied,
   * so that all is never held twice. Nothing of them may be used again, and they are closed.
   *
   * @param room for so many tokens that follow, which would otherwise be made with a copy of all
   */
  public static KvCache moved(MlxScope owner, List<KvCache> caches, int[] rows, int room) {
    Set<KvCache> sources = Collections.newSetFromMap(new IdentityHashMap<>());
    sources.addAll(caches);
    return stacked(
        owner,
        caches,
        rows,
        room,
        (state, layer) -> {
          owner.eval(state.arrays().toArray(MlxArray[]::new));
          sources.forEach(source -> source.layers.get(layer).close());
          if (layer % LAYERS_GIVEN_BACK == 0) {
            MlxMemory.clearCache();
          }
        });
  }

  /**
   * @param made called with each layer's index and its new state
   */
  private static KvCache stacked(
      MlxScope owner, List<KvCache> caches, int[] rows, int room, ObjIntConsumer<LayerState> made) {
    KvCache first = caches.getFirst();
    Map<Reach, RowLayout> layouts = new LinkedHashMap<>();
    for (Reach reach : first.layouts.keySet()) {
      List<RowLayout> sources = caches.stream().map(cache -> cache.layouts.get(reach)).toList();
      layouts.put(reach, RowLayout.stacked(sources, rows));
    }
    List<LayerState> layers = new ArrayList<>();
    for (int i = 0; i < first.layers.size(); i++) {
      LayerState layer = stacked(owner, caches, rows, i, layouts, room);
      made.accept(layer, i);
      layers.add(layer);
    }
    SequenceLength[] lengths = new SequenceLength[rows.length];
    Arrays.setAll(lengths, row -> caches.get(row).lengths[rows[row]]);
    return new KvCache(owner, first.dtype, layers, layouts, lengths);
  }

  private static LayerState stacked(
      MlxScope owner,
      List<KvCache> caches,
      int[] rows,
      int layer,
      Map<Reach, RowLayout> layouts,
      int room) {
    return switch (caches.getFirst().layers.get(layer)) {
      case RecurrentState state ->
          RecurrentState.stacked(
              owner, caches.stream().map(cache -> cache.recurrent(layer)).toList(), rows);
      case KvState state -> {
        List<KvState.Source> sources = new ArrayList<>();
        for (int i = 0; i < rows.length; i++) {
          RowLayout from = caches.get(i).layouts.get(state.reach());
          KvState source = (KvState) caches.get(i).layers.get(layer);
          sources.add(new KvState.Source(source, rows[i], from.seen(rows[i])));
        }
        yield KvState.stacked(owner, sources, layouts.get(state.reach()), room);
      }
    };
  }

  /**
   * Goes on with these rows only, in this order: what the others held is given back, and a step
   * costs less. Copies what stays.
   */
  public void retain(int[] rows) {
    layouts.replaceAll((reach, layout) -> layout.retained(rows));
    lengths = Arrays.stream(rows).mapToObj(row -> lengths[row]).toArray(SequenceLength[]::new);
    try (MlxScope scope = owner.child("cache rows")) {
      MlxArray indices = scope.ints(rows, rows.length);
      layers.forEach(layer -> layer.retain(indices));
    }
  }

  /**
   * Takes back the tokens of a single row from position {@code length} on, so that others can
   * follow there. A recurrent state, or a window that has let go of what the token there sees,
   * cannot.
   *
   * @return false, and nothing is changed, if it cannot be done
   */
  public boolean trim(int length) {
    boolean can =
        layers.stream().noneMatch(RecurrentState.class::isInstance)
            && layouts.values().stream().allMatch(layout -> layout.canTrim(length));
    if (can) {
      layouts.values().forEach(layout -> layout.trim(length));
    }
    return can;
  }

  /** Whether {@link #trim} takes it back to any length: every layer has kept all it has seen. */
  public boolean isTrimmable() {
    return layers.stream().noneMatch(RecurrentState.class::isInstance)
        && layouts.values().stream().allMatch(layout -> layout.canTrim(0));
  }

  /**
   * Whether {@link #trim} can take a row back to any length while it has at most {@code tokens}.
   */
  public boolean keeps(int tokens) {
    return layers.stream().noneMatch(RecurrentState.class::isInstance)
        && layouts.keySet().stream().allMatch(reach -> reach.seen(tokens) == tokens);
  }

  /**
   * All that a cache of one row holds, by the names that {@link #restored} knows: for each layer
   * its keys and values, or the parts of its state. Only of a cache that was copied by {@link
   * #stack}, whose columns are in order.
   */
  public Map<String, MlxArray> saved(MlxScope step) {
    Map<String, MlxArray> arrays = new LinkedHashMap<>();
    for (int i = 0; i < layers.size(); i++) {
      switch (layers.get(i)) {
        case KvState both -> {
          View view = view(step, i);
          arrays.put(i + ".keys", view.keys());
          arrays.put(i + ".values", view.values());
        }
        case RecurrentState state -> {
          MlxArray[] parts = state.arrays().toArray(MlxArray[]::new);
          for (int part = 0; part < parts.length; part++) {
            arrays.put(i + "." + part, parts[part]);
          }
        }
      }
    }
    return arrays;
  }

  /**
   * A cache of one row of what {@link #saved} gave; {@code owner} owns the arrays already.
   *
   * @throws IllegalArgumentException if they are not what these kinds hold of so many tokens
   */
  public static KvCache restored(
      MlxScope owner,
      DType dtype,
      List<StateKind> kinds,
      SequenceLength length,
      int tokens,
      Map<String, MlxArray> arrays) {
    List<LayerState> layers = new ArrayList<>();
    Map<Reach, RowLayout> layouts = new LinkedHashMap<>();
    for (int i = 0; i < kinds.size(); i++) {
      LayerState layer =
          switch (kinds.get(i)) {
            case StateKind.KeysAndValues both ->
                KvState.restored(owner, both, dtype, i + ".", arrays);
            case StateKind.Recurrent state ->
                RecurrentState.restored(owner, state.parts(), i + ".", arrays);
          };
      layers.add(layer);
      RowLayout layout =
          layouts.computeIfAbsent(reach(layer), of -> RowLayout.restored(of, tokens));
      if (layer instanceof KvState both && both.keys().array().dim(2) != layout.columns()) {
        throw new IllegalArgumentException("layer " + i + " does not hold " + tokens + " tokens");
      }
    }
    return new KvCache(owner, dtype, layers, layouts, new SequenceLength[] {length.at(tokens)});
  }

  /** All states, for an evaluation that wants no logits. */
  public MlxArray[] buffers() {
    return layers.stream().flatMap(LayerState::arrays).toArray(MlxArray[]::new);
  }

  /** Frees the states before the owner does. */
  @Override
  public void close() {
    layers.forEach(LayerState::close);
  }
}
