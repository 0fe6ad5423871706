package dev.hbar.model.checkpoint;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxMemory;
import dev.hbar.mlx.MlxOps;
import dev.hbar.mlx.MlxScope;
import dev.hbar.mlx.QuantizedWeight;
import dev.hbar.mlx.safetensors.SafetensorsLoader;
import java.util.List;
import java.util.Optional;

/**
 * Reads a checkpoint tensor by tensor and in float32 tells what its values are like; a packed
 * weight's are the unpacked ones. One tensor is held at a time, so that a checkpoint larger than
 * the memory can be scanned. Owner thread only.
 */
public final class TensorScanner {
  /** Values in float32 at a time; each takes some 30 bytes in the graph. */
  private static final int VALUES_AT_ONCE = 1 << 23;

  private static final int COLUMNS = 6;

  private final ModelConfig config;
  private final WeightFiles files;

  /** A scanner of the weights of one checkpoint. */
  public TensorScanner(ModelConfig config, WeightFiles files) {
    this.config = config;
    this.files = files;
  }

  /** How a tensor is packed: present for a weight that has scales beside it. */
  public Optional<Quantization> packing(String name) {
    if (!name.endsWith(".weight") || files.find(layer(name) + ".scales").isEmpty()) {
      return Optional.empty();
    }
    boolean biases = files.find(layer(name) + ".biases").isPresent();
    return config.quantization().flatMap(all -> all.forPath(layer(name), biases));
  }

  /**
   * The statistics of one tensor.
   *
   * @throws CheckpointException if a packed weight and its scales do not fit each other
   * @throws dev.hbar.mlx.MlxFileException if the file is damaged or changes
   */
  public TensorStatistics scan(String name) {
    try (MlxScope scope = MlxScope.open("scan")) {
      Optional<Quantization> packing = packing(name);
      return packing.isPresent() ? packed(scope, name, packing.get()) : plain(scope, name);
    } finally {
      MlxMemory.clearCache();
    }
  }

  private static String layer(String name) {
    return name.substring(0, name.length() - ".weight".length());
  }

  private TensorStatistics plain(MlxScope scope, String name) {
    MlxArray raw = load(scope, name);
    if (raw.size() == 0) {
      return TensorStatistics.EMPTY;
    }
    int columns = raw.shape().length == 0 ? 1 : raw.dim(-1);
    MlxArray rows = scope.ops().reshape(raw, Math.toIntExact(raw.size() / columns), columns);
    return scan(scope, rows.dim(0), columns, (step, from, to) -> rows(step, rows, from, to));
  }

  private TensorStatistics packed(MlxScope scope, String name, Quantization packing) {
    MlxArray weight = load(scope, name);
    MlxArray scales = load(scope, layer(name) + ".scales");
    Optional<MlxArray> biases =
        packing.mode().hasBiases()
            ? Optional.of(load(scope, layer(name) + ".biases"))
            : Optional.empty();
    QuantizedWeight whole = weight(name, weight, scales, biases, packing);
    return scan(
        scope,
        whole.rows(),
        whole.columns(),
        (step, from, to) -> {
          QuantizedWeight part =
              weight(
                  name,
                  rows(step, weight, from, to),
                  rows(step, scales, from, to),
                  biases.map(all -> rows(step, all, from, to)),
                  packing);
          return step.quantized().dequantize(part, DType.FLOAT32);
        });
  }

  private QuantizedWeight weight(
      String name,
      MlxArray weight,
      MlxArray scales,
      Optional<MlxArray> biases,
      Quantization packing) {
    try {
      return new QuantizedWeight(
          weight, scales, biases, packing.groupSize(), packing.bits(), packing.mode());
    } catch (IllegalArgumentException unfit) {
      throw CheckpointException.inField(
          config.file(), "quantization", name + ": " + unfit.getMessage(), "fetch it again");
    }
  }

  private MlxArray load(MlxScope scope, String name) {
    WeightFiles.Location found =
        files
            .find(name)
            .orElseThrow(
                () -> new CheckpointException("tensor " + name + " is missing: fetch it again"));
    return SafetensorsLoader.load(scope, found.shard(), List.of(name)).get(name);
  }

  private static MlxArray rows(MlxScope step, MlxArray all, int from, int to) {
    return step.ops().slice(all, new int[] {from, 0}, new int[] {to, all.dim(1)});
  }

  /** Some rows [to - from, columns]. */
  @FunctionalInterface
  private interface Rows {
    MlxArray of(MlxScope step, int from, int to);
  }

  private static TensorStatistics scan(MlxScope scope, int rows, int columns, Rows source) {
    int stride = Math.clamp(VALUES_AT_ONCE / columns, 1, rows);
    TensorStatistics all = TensorStatistics.EMPTY;
    for (int from = 0; from < rows; from += stride) {
      try (MlxScope step = scope.child("rows")) {
        MlxArray part = source.of(step, from, Math.min(rows, from + stride));
        all = all.and(statistics(step, part, columns));
      }
    }
    return all;
  }

  /** Sums run along a row only, so that counts in float32 are exact. */
  private static TensorStatistics statistics(MlxScope step, MlxArray part, int columns) {
    MlxOps ops = step.ops();
    MlxArray x = ops.astype(part, DType.FLOAT32);
    MlxArray zero = step.scalar(0, DType.FLOAT32);
    MlxArray huge = step.scalar(Float.MAX_VALUE, DType.FLOAT32);
    MlxArray finite = ops.isFinite(x);
    MlxArray count = count(ops, finite);
    MlxArray mean =
        ops.divide(
            ops.sum(ops.where(finite, x, zero), -1, true),
            ops.maximum(count, step.scalar(1, DType.FLOAT32)));
    MlxArray off = ops.where(finite, ops.subtract(x, mean), zero);
    MlxArray table =
        ops.concatenate(
            1,
            count,
            count(ops, ops.equal(x, x)),
            mean,
            ops.sum(ops.square(off), -1, true),
            ops.min(ops.where(finite, x, huge), -1, true),
            ops.max(ops.where(finite, x, ops.negative(huge)), -1, true));
    return joined(table.toFloats(), columns);
  }

  private static MlxArray count(MlxOps ops, MlxArray flags) {
    return ops.sum(ops.astype(flags, DType.FLOAT32), -1, true);
  }

  private static TensorStatistics joined(float[] table, int columns) {
    TensorStatistics all = TensorStatistics.EMPTY;
    for (int at = 0; at < table.length; at += COLUMNS) {
      long finite = (long) table[at];
      long numbers = (long) table[at + 1];
      boolean none = finite == 0;
      all =
          all.and(
              new TensorStatistics(
                  finite,
                  columns - numbers,
                  numbers - finite,
                  none ? Double.NaN : table[at + 4],
                  none ? Double.NaN : table[at + 5],
                  none ? Double.NaN : table[at + 2],
                  Math.sqrt(table[at + 3] / finite)));
    }
    return all;
  }
}
