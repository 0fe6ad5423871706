package dev.hbar.model.checkpoint;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxScope;
import dev.hbar.mlx.QuantizedWeight;
import dev.hbar.model.layer.Embedding;
import dev.hbar.model.layer.ExpertLinear;
import dev.hbar.model.layer.Linear;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * The weights of a checkpoint while a model is built from them. They are consumed: a missing name
 * is an error where it is asked for, a left-over name is one at the end. A layer is quantized
 * exactly when its {@code .scales} exist.
 *
 * <p>Raw tensors live in a loading scope of their own; what the model keeps moves up into the
 * model's scope. Owner thread.
 */
public final class WeightStore implements AutoCloseable {
  private final MlxScope loading;
  private final ModelConfig config;
  private final TensorPool pool;
  private final WeightFormat format;

  /**
   * Loads every tensor of the shards.
   *
   * @param model the scope of the model, not yet sealed
   * @param form of the matrices
   * @param dtype type of the activations
   */
  public WeightStore(
      MlxScope model, WeightFiles files, ModelConfig config, WeightForm form, DType dtype) {
    this.loading = model.child("loading");
    this.config = config;
    this.format = new WeightFormat(loading, form, dtype);
    this.pool = new TensorPool(loading, files);
    new AdapterSums(files, config, format.matrixDtype()).apply(loading, pool.left());
  }

  /** Whether there is a tensor of that name that was not asked for yet. */
  public boolean has(String name) {
    return pool.has(name);
  }

  /** A linear layer [out, in] at {@code path}, with its bias [out] if {@code bias}. */
  public Linear linear(String path, int in, int out, boolean bias) {
    Optional<MlxArray> offset = bias ? Optional.of(bias(path, out)) : Optional.empty();
    return isQuantized(path)
        ? packedLinear(packed(path, out, in), offset)
        : denseLinear(matrix(path, out, in), offset);
  }

  /**
   * The linear layers [out, in] at {@code paths} as one: their answers stand one after the other.
   * One product is cheaper than several.
   *
   * @param paths layers of one packing, see {@link #isPackedAlike}
   * @param out of each
   */
  public Linear joined(List<String> paths, int in, List<Integer> out, boolean bias) {
    Optional<MlxArray> offset = Optional.empty();
    if (bias) {
      MlxArray[] biases = new MlxArray[paths.size()];
      Arrays.setAll(biases, i -> typedBias(paths.get(i), out.get(i)));
      offset = Optional.of(loading.keep(format.joined(biases)));
    }
    if (isQuantized(paths.getFirst())) {
      QuantizedWeight[] parts = new QuantizedWeight[paths.size()];
      Arrays.setAll(parts, i -> packed(paths.get(i), out.get(i), in));
      return packedLinear(format.joined(parts), offset);
    }
    MlxArray[] parts = new MlxArray[paths.size()];
    Arrays.setAll(parts, i -> matrix(paths.get(i), out.get(i), in));
    return denseLinear(format.joined(parts), offset);
  }

  /** Whether the layers at {@code paths} are all dense, or all packed in the same way. */
  public boolean isPackedAlike(List<String> paths) {
    return paths.stream().map(this::packing).distinct().count() == 1;
  }

  private Optional<Quantization> packing(String path) {
    return isQuantized(path) ? specOf(path) : Optional.empty();
  }

  private Linear denseLinear(MlxArray weight, Optional<MlxArray> bias) {
    return new Linear.Dense(format.transposed(weight), bias, format.wide());
  }

  private boolean staysPacked(QuantizedWeight weight) {
    return weight.weight().shape().length > 2
        ? format.form().keepsStacks()
        : format.form().keeps(new Quantization(weight.groupSize(), weight.bits(), weight.mode()));
  }

  private Linear packedLinear(QuantizedWeight packed, Optional<MlxArray> bias) {
    return staysPacked(packed)
        ? new Linear.Quantized(format.kept(packed), bias)
        : denseLinear(format.unpacked(packed), bias);
  }

  /**
   * Takes a matrix that several layers share apart by rows, as views, so that each of {@code parts}
   * can be asked for like any other layer. They keep the packing of {@code path}.
   *
   * @param rows output features of each part
   */
  public void split(String path, List<String> parts, int... rows) {
    pool.split(path, parts, rows);
  }

  /**
   * Like {@link #split} for a matrix whose parts take turns: each of {@code parts} gets the rows it
   * names, in its order.
   */
  public void deal(String path, List<String> parts, List<int[]> rows) {
    pool.deal(path, parts, rows);
  }

  /**
   * Puts what {@code change} makes of a tensor under other names, in their order. It has a scope of
   * its own.
   */
  public void rearrange(
      String name, List<String> into, BiFunction<MlxScope, MlxArray, List<MlxArray>> change) {
    pool.rearrange(name, into, change);
  }

  /**
   * Stacks layers of one shape, so that they can be asked for as one of many experts.
   *
   * @param parts paths in the order of their experts
   * @param path of the stack; it keeps the packing of the first part
   */
  public void stack(List<String> parts, String path) {
    pool.stack(parts, path);
  }

  /**
   * The weight of a convolution of single channels at {@code path}, stored as [channels, taps, 1]
   * or, by transformers, [channels, 1, taps]: float32 [taps, channels].
   */
  public MlxArray taps(String path, int channels, int taps) {
    String name = path + ".weight";
    MlxArray raw = pool.take(name);
    if (isTransformersConv(raw)) {
      requireShape(name, raw, channels, 1, taps);
    } else {
      requireShape(name, raw, channels, taps, 1);
    }
    return format.taps(raw, channels, taps);
  }

  /** Whether the convolutions, and so all else, lie as transformers stores them. */
  public boolean hasConvOfTransformers() {
    return pool.left().entrySet().stream()
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
        bias
            ? Optional.of(format.column(floating(path + ".bias", experts, out)))
            : Optional.empty();
    if (!isQuantized(path)) {
      MlxArray raw = floating(path + ".weight", experts, out, in);
      return new ExpertLinear.Dense(format.transposed(format.matrix(raw)), offset);
    }
    QuantizedWeight packed = stackOf(experts, path, out, in);
    return staysPacked(packed)
        ? new ExpertLinear.Quantized(format.kept(packed), offset)
        : new ExpertLinear.Dense(format.transposed(format.unpacked(packed)), offset);
  }

  /** Linear layers [out, in] of {@code count} heads at {@code path}, stacked, without biases. */
  public Linear linears(String path, int count, int in, int out) {
    return isQuantized(path)
        ? packedLinear(stackOf(count, path, out, in), Optional.empty())
        : denseLinear(format.matrix(floating(path + ".weight", count, out, in)), Optional.empty());
  }

  /**
   * Takes a matrix [heads * (first + second), in] apart into what is asked for as layers of heads:
   * {@code into}, [in, first] of every head, and {@code outOf}, [second, in].
   */
  public void splitHeads(
      String path, String into, String outOf, int heads, int first, int second, int in) {
    MlxArray whole = unpackedMatrix(path, heads * (first + second), in);
    try (MlxScope scope = loading.child("heads")) {
      MlxArray byHead = scope.ops().reshape(whole, heads, first + second, in);
      MlxArray upper = scope.ops().slice(byHead, new int[3], new int[] {heads, first, in});
      MlxArray turned = scope.ops().contiguous(scope.ops().swapaxes(upper, 1, 2));
      int[] stop = {heads, first + second, in};
      MlxArray lower =
          scope.ops().contiguous(scope.ops().slice(byHead, new int[] {0, first, 0}, stop));
      loading.eval(turned, lower);
      pool.put(into + ".weight", scope.keep(turned), path + ".weight");
      pool.put(outOf + ".weight", scope.keep(lower), path + ".weight");
    }
    whole.close();
  }

  /** The token embedding [rows, columns] at {@code path}. */
  public Embedding embedding(String path, int rows, int columns) {
    if (!isQuantized(path)) {
      return dense(matrix(path, rows, columns));
    }
    QuantizedWeight packed = packed(path, rows, columns);
    return staysPacked(packed)
        ? new Embedding.Quantized(format.kept(packed), format.dtype())
        : dense(format.unpacked(packed));
  }

  private Embedding dense(MlxArray weight) {
    MlxArray view = loading.ops().transpose(weight, 1, 0);
    loading.eval(weight, view);
    return new Embedding.Dense(loading.keep(weight), loading.keep(view), format.dtype());
  }

  /** A vector in float32 whatever the activations are, owned by the model. */
  public MlxArray float32(String name, int... size) {
    return vector(name, DType.FLOAT32, size);
  }

  /** The same of a tensor [1, size] that need not be there. */
  public Optional<MlxArray> row(String name, int size) {
    return has(name)
        ? Optional.of(loading.keep(loading.ops().reshape(float32(name, 1, size), size)))
        : Optional.empty();
  }

  /** A vector such as a norm weight or a bias, in the activations' type, owned by the model. */
  public MlxArray vector(String name, int... shape) {
    return vector(name, format.dtype(), shape);
  }

  /** The same in a type of its own, for numbers that 16 bits would spoil. */
  public MlxArray vector(String name, DType wanted, int... shape) {
    return format.kept(floating(name, shape), wanted);
  }

  /** The bias [out] of the layer at {@code path}, owned by the model. */
  public MlxArray bias(String path, int out) {
    return loading.keep(typedBias(path, out));
  }

  private MlxArray typedBias(String path, int out) {
    return format.matrix(floating(path + ".bias", out));
  }

  private MlxArray matrix(String path, int rows, int columns) {
    return format.matrix(floating(path + ".weight", rows, columns));
  }

  private MlxArray unpackedMatrix(String path, int rows, int columns) {
    return isQuantized(path)
        ? format.unpacked(packed(path, rows, columns))
        : matrix(path, rows, columns);
  }

  private boolean isQuantized(String path) {
    return pool.has(path + ".scales");
  }

  private Optional<Quantization> specOf(String path) {
    return config
        .quantization()
        .flatMap(all -> all.forPath(pool.storedPath(path), pool.has(path + ".biases")));
  }

  private QuantizedWeight packed(String path, int rows, int columns) {
    Quantization spec =
        specOf(path).orElseThrow(() -> WeightFaults.unexplained(path, pool.file(path + ".scales")));
    MlxArray weight = pool.take(path + ".weight");
    MlxArray scales = pool.take(path + ".scales");
    Optional<MlxArray> biases =
        spec.mode().hasBiases() ? Optional.of(pool.take(path + ".biases")) : Optional.empty();
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
      throw WeightFaults.unfit(path, pool.file(path + ".weight"), unfit.getMessage());
    }
  }

  private QuantizedWeight stackOf(int count, String path, int rows, int columns) {
    QuantizedWeight packed = packed(path, rows, columns);
    if (packed.count() != count) {
      throw WeightFaults.count(path, pool.file(path + ".weight"), packed.count(), count);
    }
    return packed;
  }

  /** Takes a tensor of that shape and of any floating type. */
  private MlxArray floating(String name, int... shape) {
    MlxArray raw = pool.take(name);
    requireShape(name, raw, shape);
    return raw;
  }

  private void requireShape(String name, MlxArray raw, int... wanted) {
    if (!raw.dtype().isFloating()) {
      throw WeightFaults.type(name, pool.file(name), raw.dtype());
    }
    if (!Arrays.equals(raw.shape(), wanted)) {
      throw WeightFaults.shape(name, pool.file(name), raw.shape(), wanted);
    }
  }

  /** Drops the layer at {@code path}, with which nothing is computed. */
  public void leave(String path) {
    pool.leave(path);
  }

  /**
   * Call when the model is built.
   *
   * @throws CheckpointException if a tensor was never asked for: the first few and their number
   */
  public void requireAllConsumed() {
    pool.requireEmpty();
  }

  /** Frees every raw tensor that the model did not keep. */
  @Override
  public void close() {
    pool.close();
  }
}
