package dev.hbar.model.checkpoint;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxScope;
import dev.hbar.mlx.QuantizedWeight;
import dev.hbar.mlx.safetensors.SafetensorsHeader;
import dev.hbar.mlx.safetensors.SafetensorsLoader;
import dev.hbar.model.layer.Embedding;
import dev.hbar.model.layer.ExpertLinear;
import dev.hbar.model.layer.Linear;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/**
 * The tensors of a checkpoint while a model is built from them. Weights are consumed: a missing
 * name is an error where it is asked for, a left-over name is one at the end. A layer is quantized
 * exactly when its {@code .scales} exist.
 *
 * <p>Raw tensors live in a loading scope of their own; what the model keeps moves up into the
 * model's scope.
 */
public final class WeightStore implements AutoCloseable {
  private static final int NAMES_SHOWN = 5;
  private static final List<String> SUFFIXES = List.of(".weight", ".scales", ".biases", ".bias");

  private final MlxScope loading;
  private final boolean dense;
  private final DType dtype;
  private final DType matrixDtype;
  private final ModelConfig config;
  private final Map<String, MlxArray> tensors = new LinkedHashMap<>();
  private final Map<String, String> fileOf = new LinkedHashMap<>();
  private final Map<String, String> storedIn = new HashMap<>();

  /**
   * Loads every tensor of the shards.
   *
   * @param model the scope of the model, not yet sealed
   * @param dense unpack quantized layers, and keep every matrix in float32
   * @param dtype type of the activations
   */
  public WeightStore(
      MlxScope model, WeightFiles files, ModelConfig config, boolean dense, DType dtype) {
    this.loading = model.child("loading");
    this.config = config;
    this.dense = dense;
    this.dtype = dtype;
    this.matrixDtype = dense ? DType.FLOAT32 : dtype;
    Map<String, MlxArray> stored = new HashMap<>();
    for (SafetensorsHeader shard : files.shards()) {
      stored.putAll(SafetensorsLoader.load(loading, shard));
    }
    stored.putAll(files.adapter().load(loading));
    files.locations().forEach((name, location) -> add(name, location, stored));
    stored.values().forEach(MlxArray::close);
    new AdapterSums(files, config, matrixDtype).apply(loading, tensors);
  }

  private void add(String name, WeightFiles.Location location, Map<String, MlxArray> stored) {
    String given = location.tensor().name();
    tensors.put(name, stored.remove(given));
    fileOf.put(name, location.shard().file().toString());
    if (name.endsWith(".scales")) {
      storedIn.put(path(name), path(given));
    }
  }

  private static String path(String name) {
    return name.substring(0, name.lastIndexOf('.'));
  }

  /** Whether there is a tensor of that name that was not asked for yet. */
  public boolean has(String name) {
    return tensors.containsKey(name);
  }

  /** A linear layer [out, in] at {@code path}, with its bias [out] if {@code bias}. */
  public Linear linear(String path, int in, int out, boolean bias) {
    Optional<MlxArray> offset =
        bias ? Optional.of(vector(path + ".bias", matrixDtype, out)) : Optional.empty();
    if (!isQuantized(path)) {
      return new Linear.Dense(transposed(matrix(path, out, in)), offset, matrixDtype != dtype);
    }
    QuantizedWeight packed = packed(path, out, in);
    if (!dense) {
      return new Linear.Quantized(kept(packed), offset);
    }
    return new Linear.Dense(transposed(unpacked(packed)), offset, matrixDtype != dtype);
  }

  /**
   * Takes a matrix that several layers share apart by rows, as views, so that each of {@code parts}
   * can be asked for like any other layer. They keep the packing of {@code path}.
   *
   * @param rows output features of each part
   */
  public void split(String path, List<String> parts, int... rows) {
    int all = Arrays.stream(rows).sum();
    for (String suffix : SUFFIXES) {
      if (suffix.equals(".weight") || tensors.containsKey(path + suffix)) {
        splitTensor(path + suffix, parts.stream().map(part -> part + suffix).toList(), rows, all);
      }
    }
    parts.forEach(part -> storedIn.put(part, storedIn.getOrDefault(path, path)));
  }

  private void splitTensor(String name, List<String> parts, int[] rows, int all) {
    MlxArray whole = take(name);
    requireRows(name, whole, all);
    int[] stop = whole.shape();
    int[] start = new int[stop.length];
    stop[0] = 0;
    for (int i = 0; i < rows.length; i++) {
      stop[0] += rows[i];
      MlxArray part = loading.ops().slice(whole, start, stop);
      loading.eval(part);
      tensors.put(parts.get(i), part);
      fileOf.put(parts.get(i), fileOf.get(name));
      start[0] = stop[0];
    }
    whole.close();
  }

  /**
   * Like {@link #split} for a matrix whose parts take turns: each of {@code parts} gets the rows it
   * names, in its order.
   */
  public void deal(String path, List<String> parts, List<int[]> rows) {
    int all = rows.stream().mapToInt(part -> part.length).sum();
    for (String suffix : SUFFIXES) {
      if (suffix.equals(".weight") || tensors.containsKey(path + suffix)) {
        dealTensor(path + suffix, parts.stream().map(part -> part + suffix).toList(), rows, all);
      }
    }
    parts.forEach(part -> storedIn.put(part, path));
  }

  private void dealTensor(String name, List<String> parts, List<int[]> rows, int all) {
    rearrange(
        name,
        parts,
        (scope, x) -> {
          requireRows(name, x, all);
          return rows.stream()
              .map(part -> scope.ops().take(x, scope.ints(part, part.length), 0))
              .toList();
        });
  }

  private void requireRows(String name, MlxArray whole, int rows) {
    int[] shape = whole.shape();
    if (shape.length == 0 || shape[0] != rows) {
      throw new CheckpointException(
          "%s (%s) is %s, config.json wants %s rows"
              .formatted(name, fileOf.get(name), Arrays.toString(shape), rows));
    }
  }

  /**
   * The weight of a convolution of single channels at {@code path}, stored as [channels, taps, 1]
   * or, by transformers, [channels, 1, taps]: float32 [taps, channels].
   */
  public MlxArray taps(String path, int channels, int taps) {
    String name = path + ".weight";
    MlxArray raw = take(name);
    if (isTransformersConv(raw)) {
      requireShape(name, raw, channels, 1, taps);
    } else {
      requireShape(name, raw, channels, taps, 1);
    }
    try (MlxScope scope = loading.child("taps")) {
      MlxArray wide = scope.ops().astype(scope.ops().reshape(raw, channels, taps), DType.FLOAT32);
      MlxArray turned = scope.ops().contiguous(scope.ops().transpose(wide, 1, 0));
      loading.eval(turned);
      raw.close();
      return loading.keep(scope.keep(turned));
    }
  }

  /** Whether the convolutions, and so all else, lie as transformers stores them. */
  public boolean hasConvOfTransformers() {
    return tensors.entrySet().stream()
        .anyMatch(
            entry ->
                entry.getKey().endsWith("conv1d.weight") && isTransformersConv(entry.getValue()));
  }

  private static boolean isTransformersConv(MlxArray weight) {
    int[] shape = weight.shape();
    return shape.length == 3 && shape[2] != 1;
  }

  /**
   * The linear layers [out, in] of all experts at {@code path}, stacked, with biases [out] if so.
   */
  public ExpertLinear experts(String path, int experts, int in, int out, boolean bias) {
    Optional<MlxArray> offset =
        bias ? Optional.of(expertBias(path + ".bias", experts, out)) : Optional.empty();
    if (!isQuantized(path)) {
      String name = path + ".weight";
      MlxArray raw = take(name);
      requireShape(name, raw, experts, out, in);
      return new ExpertLinear.Dense(transposed(inType(raw)), offset);
    }
    QuantizedWeight packed = stackOf(experts, path, out, in);
    return dense
        ? new ExpertLinear.Dense(transposed(unpacked(packed)), offset)
        : new ExpertLinear.Quantized(kept(packed), offset);
  }

  /** Linear layers [out, in] of {@code count} heads at {@code path}, stacked, without biases. */
  public Linear linears(String path, int count, int in, int out) {
    if (isQuantized(path)) {
      QuantizedWeight packed = stackOf(count, path, out, in);
      return dense
          ? new Linear.Dense(transposed(unpacked(packed)), Optional.empty(), matrixDtype != dtype)
          : new Linear.Quantized(kept(packed), Optional.empty());
    }
    MlxArray raw = take(path + ".weight");
    requireShape(path + ".weight", raw, count, out, in);
    return new Linear.Dense(transposed(inType(raw)), Optional.empty(), matrixDtype != dtype);
  }

  /**
   * Takes a matrix [heads * (first + second), in] apart into what is asked for as layers of heads:
   * {@code into}, [in, first] of every head, and {@code outOf}, [second, in].
   */
  public void splitHeads(
      String path, String into, String outOf, int heads, int first, int second, int in) {
    int rows = heads * (first + second);
    MlxArray whole = isQuantized(path) ? unpacked(packed(path, rows, in)) : matrix(path, rows, in);
    try (MlxScope scope = loading.child("heads")) {
      MlxArray byHead = scope.ops().reshape(whole, heads, first + second, in);
      MlxArray upper = scope.ops().slice(byHead, new int[3], new int[] {heads, first, in});
      MlxArray turned = scope.ops().contiguous(scope.ops().swapaxes(upper, 1, 2));
      int[] stop = {heads, first + second, in};
      MlxArray lower =
          scope.ops().contiguous(scope.ops().slice(byHead, new int[] {0, first, 0}, stop));
      loading.eval(turned, lower);
      tensors.put(into + ".weight", scope.keep(turned));
      tensors.put(outOf + ".weight", scope.keep(lower));
    }
    String file = fileOf.get(path + ".weight");
    fileOf.put(into + ".weight", file);
    fileOf.put(outOf + ".weight", file);
    whole.close();
  }

  private QuantizedWeight stackOf(int count, String path, int rows, int columns) {
    QuantizedWeight packed = packed(path, rows, columns);
    if (packed.count() != count) {
      throw new CheckpointException(
          "%s (%s) has %s matrices, config.json wants %s"
              .formatted(path, fileOf.get(path + ".weight"), packed.count(), count));
    }
    return packed;
  }

  private MlxArray expertBias(String name, int experts, int out) {
    MlxArray raw = take(name);
    requireShape(name, raw, experts, out);
    MlxArray typed = loading.ops().astype(raw, matrixDtype);
    MlxArray column = loading.ops().expandDims(typed, 1);
    loading.eval(column);
    raw.close();
    return loading.keep(column);
  }

  /**
   * Puts what {@code change} makes of a tensor under other names, in their order. It has a scope of
   * its own.
   */
  public void rearrange(
      String name, List<String> into, BiFunction<MlxScope, MlxArray, List<MlxArray>> change) {
    MlxArray whole = take(name);
    try (MlxScope scope = loading.child("rearranged")) {
      List<MlxArray> made = change.apply(scope, whole);
      for (int i = 0; i < into.size(); i++) {
        loading.eval(made.get(i));
        tensors.put(into.get(i), made.get(i) == whole ? whole : scope.keep(made.get(i)));
        fileOf.put(into.get(i), fileOf.get(name));
      }
      if (!made.contains(whole)) {
        whole.close();
      }
    }
  }

  /**
   * Stacks layers of one shape, so that they can be asked for as one of many experts.
   *
   * @param parts paths in the order of their experts
   * @param path of the stack; it keeps the packing of the first part
   */
  public void stack(List<String> parts, String path) {
    for (String suffix : SUFFIXES) {
      if (!tensors.containsKey(parts.getFirst() + suffix)) {
        continue;
      }
      MlxArray[] each = parts.stream().map(part -> take(part + suffix)).toArray(MlxArray[]::new);
      MlxArray stacked = loading.ops().stack(0, each);
      loading.eval(stacked);
      Arrays.stream(each).forEach(MlxArray::close);
      tensors.put(path + suffix, stacked);
      fileOf.put(path + suffix, fileOf.get(parts.getFirst() + suffix));
    }
    storedIn.put(path, storedIn.getOrDefault(parts.getFirst(), parts.getFirst()));
  }

  /** A vector in float32 whatever the activations are, owned by the model. */
  public MlxArray float32(String name, int size) {
    return vector(name, DType.FLOAT32, size);
  }

  /** The token embedding [rows, columns] at {@code path}. */
  public Embedding embedding(String path, int rows, int columns) {
    if (isQuantized(path) && !dense) {
      return new Embedding.Quantized(kept(packed(path, rows, columns)), dtype);
    }
    MlxArray weight =
        isQuantized(path) ? unpacked(packed(path, rows, columns)) : matrix(path, rows, columns);
    MlxArray view = loading.ops().transpose(weight, 1, 0);
    loading.eval(weight, view);
    return new Embedding.Dense(loading.keep(weight), loading.keep(view), dtype);
  }

  /** A vector such as a norm weight or a bias, in the activations' type, owned by the model. */
  public MlxArray vector(String name, int... shape) {
    return vector(name, dtype, shape);
  }

  /** The same in a type of its own, for numbers that 16 bits would spoil. */
  public MlxArray vector(String name, DType wanted, int... shape) {
    MlxArray raw = take(name);
    requireShape(name, raw, shape);
    return converted(raw, wanted);
  }

  private MlxArray matrix(String path, int rows, int columns) {
    String name = path + ".weight";
    MlxArray raw = take(name);
    requireShape(name, raw, rows, columns);
    return inType(raw);
  }

  /** A matrix in the type that matrices are kept in. */
  private MlxArray inType(MlxArray raw) {
    if (raw.dtype() == matrixDtype) {
      return raw;
    }
    MlxArray typed = loading.ops().astype(raw, matrixDtype);
    loading.eval(typed);
    raw.close();
    return typed;
  }

  /** Evaluates the type conversion, gives the raw tensor back, and moves the result up. */
  private MlxArray converted(MlxArray raw, DType wanted) {
    if (raw.dtype() == wanted) {
      return loading.keep(raw);
    }
    MlxArray typed = loading.ops().astype(raw, wanted);
    loading.eval(typed);
    raw.close();
    return loading.keep(typed);
  }

  private MlxArray transposed(MlxArray weight) {
    MlxArray view = loading.ops().swapaxes(weight, -2, -1);
    loading.eval(view);
    weight.close();
    return loading.keep(view);
  }

  /** The scales are widened first, so that the product is not rounded to the stored type. */
  private MlxArray unpacked(QuantizedWeight packed) {
    QuantizedWeight typed = packed.withScales(scales -> loading.ops().astype(scales, matrixDtype));
    MlxArray weight = loading.quantized().dequantize(typed, matrixDtype);
    loading.eval(weight);
    close(typed);
    close(packed);
    return weight;
  }

  private QuantizedWeight kept(QuantizedWeight packed) {
    QuantizedWeight typed = packed.withScales(scales -> converted(scales, dtype));
    loading.keep(typed.weight());
    if (!typed.mode().hasBiases()) {
      loading.keep(typed.scales());
    }
    return typed;
  }

  private static void close(QuantizedWeight weight) {
    weight.weight().close();
    weight.scales().close();
    weight.biases().ifPresent(MlxArray::close);
  }

  private boolean isQuantized(String path) {
    return tensors.containsKey(path + ".scales");
  }

  private QuantizedWeight packed(String path, int rows, int columns) {
    Quantization spec =
        config
            .quantization()
            .flatMap(all -> all.forPath(storedIn.getOrDefault(path, path)))
            .orElseThrow(() -> unexplained(path));
    MlxArray weight = take(path + ".weight");
    MlxArray scales = take(path + ".scales");
    Optional<MlxArray> biases =
        spec.mode().hasBiases() ? Optional.of(take(path + ".biases")) : Optional.empty();
    try {
      QuantizedWeight packed =
          new QuantizedWeight(weight, scales, biases, spec.groupSize(), spec.bits(), spec.mode());
      if (packed.rows() != rows || packed.columns() != columns) {
        throw new IllegalArgumentException(
            "unpacks to [%s, %s], config.json wants [%s, %s]"
                .formatted(packed.rows(), packed.columns(), rows, columns));
      }
      return packed;
    } catch (IllegalArgumentException unfit) {
      throw new CheckpointException(
          "%s (%s): %s; the file and config.json disagree"
              .formatted(path, fileOf.get(path + ".weight"), unfit.getMessage()));
    }
  }

  private CheckpointException unexplained(String path) {
    return new CheckpointException(
        "%s (%s) has scales, but config.json (quantization) gives no bits for it; fetch the checkpoint's own config.json"
            .formatted(path, fileOf.get(path + ".scales")));
  }

  private MlxArray take(String name) {
    MlxArray tensor = tensors.remove(name);
    if (tensor == null) {
      throw new CheckpointException(
          "tensor %s is missing (%s): the checkpoint is incomplete or of another family"
              .formatted(name, files()));
    }
    return tensor;
  }

  private MlxArray requireFloating(String name, MlxArray raw) {
    if (!raw.dtype().isFloating()) {
      throw new CheckpointException(
          "%s (%s) is %s where a floating type is wanted; fetch the file again"
              .formatted(name, fileOf.get(name), raw.dtype()));
    }
    return raw;
  }

  private void requireShape(String name, MlxArray raw, int... wanted) {
    requireFloating(name, raw);
    if (!Arrays.equals(raw.shape(), wanted)) {
      throw new CheckpointException(
          "%s (%s) is %s, config.json wants %s"
              .formatted(
                  name, fileOf.get(name), Arrays.toString(raw.shape()), Arrays.toString(wanted)));
    }
  }

  /**
   * Call when the model is built.
   *
   * @throws CheckpointException if a tensor was never asked for: the first few names and their
   *     number
   */
  public void requireAllConsumed() {
    if (!tensors.isEmpty()) {
      String shown =
          new TreeSet<>(tensors.keySet())
              .stream().limit(NAMES_SHOWN).collect(Collectors.joining(", "));
      throw new CheckpointException(
          "%s tensors belong to no layer (%s): %s; config.json does not describe these weights"
              .formatted(tensors.size(), files(), shown));
    }
  }

  private String files() {
    return new TreeSet<>(fileOf.values()).stream().limit(2).collect(Collectors.joining(", "));
  }

  /** Frees every raw tensor that the model did not keep. */
  @Override
  public void close() {
    loading.close();
  }
}
