package dev.hbar.model.convert;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.ErrorText;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxIo;
import dev.hbar.mlx.MlxMemory;
import dev.hbar.mlx.MlxScope;
import dev.hbar.mlx.QuantizedWeight;
import dev.hbar.mlx.safetensors.SafetensorsLoader;
import dev.hbar.mlx.safetensors.TensorInfo;
import dev.hbar.mlx.safetensors.TensorToWrite;
import dev.hbar.model.checkpoint.CheckpointException;
import dev.hbar.model.checkpoint.Quantization;
import dev.hbar.model.checkpoint.WeightFiles;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One weight of the source on its way into the result: read, unpacked if it is packed, converted,
 * packed if it shall be. It is held from its first part to its last only. Owner thread.
 */
final class TensorConversion {
  private final MlxScope conversion;
  private final WeightFiles files;
  private final String name;
  private final TensorInfo tensor;
  private final Optional<Quantization> from;
  private final Optional<Quantization> to;
  private final DType dtype;

  private List<MlxArray> parts = List.of();

  /**
   * @param conversion owns what is held in between
   * @param name of a weight of {@code files}
   * @param from how it is packed
   * @param to how it shall be packed
   * @param dtype of the values, and of affine scales
   */
  TensorConversion(
      MlxScope conversion,
      WeightFiles files,
      String name,
      Optional<Quantization> from,
      Optional<Quantization> to,
      DType dtype) {
    this.conversion = conversion;
    this.files = files;
    this.name = name;
    this.tensor = location(name).tensor();
    this.from = from;
    this.to = to;
    this.dtype = dtype;
  }

  /** What is written: the tensor, or its codes, scales and biases, to be written in this order. */
  List<TensorToWrite> outputs() {
    List<Integer> shape = from.map(packed -> unpackedShape(tensor, packed)).orElse(tensor.shape());
    if (to.isEmpty()) {
      return List.of(output(written(), dtype, shape, 0, 1));
    }
    Quantization packing = to.get();
    boolean biased = packing.mode().hasBiases();
    int count = biased ? 3 : 2;
    int rows = shape.getFirst();
    List<Integer> codes = List.of(rows, shape.getLast() / 32 * packing.bits());
    List<Integer> groups = List.of(rows, shape.getLast() / packing.groupSize());
    String path = path(written());
    List<TensorToWrite> outputs = new ArrayList<>();
    outputs.add(output(path + ".weight", DType.UINT32, codes, 0, count));
    outputs.add(output(path + ".scales", biased ? dtype : DType.UINT8, groups, 1, count));
    if (biased) {
      outputs.add(output(path + ".biases", dtype, groups, 2, count));
    }
    return outputs;
  }

  /** The shape that a packed tensor's values have. */
  static List<Integer> unpackedShape(TensorInfo tensor, Quantization packed) {
    long columns = tensor.shape().getLast() * 32L / packed.bits();
    List<Integer> shape = new ArrayList<>(tensor.shape());
    shape.set(shape.size() - 1, Math.toIntExact(columns));
    return List.copyOf(shape);
  }

  static String path(String name) {
    return name.replaceFirst("\\.weight$", "");
  }

  /** The name in the source; an adapter's file has names of its own. */
  private String written() {
    return files.shards().contains(location(name).shard()) ? tensor.name() : name;
  }

  private TensorToWrite output(String part, DType type, List<Integer> shape, int index, int count) {
    return new TensorToWrite(part, type, shape, channel -> write(channel, index, count));
  }

  private void write(WritableByteChannel channel, int index, int count) throws IOException {
    if (index == 0) {
      parts = converted();
    }
    MlxIo.write(conversion, parts.get(index), channel);
    parts.get(index).close();
    if (index == count - 1) {
      parts = List.of();
      MlxMemory.clearCache();
    }
  }

  /** Handles are given up before the evaluation, so that each array is freed after its last use. */
  private List<MlxArray> converted() {
    try (MlxScope step = conversion.child(name)) {
      MlxArray values = values(step);
      requireFinite(step, values);
      List<MlxArray> made = to.isEmpty() ? List.of(values) : packed(step, values, to.get());
      made.forEach(step::keep);
      if (to.isPresent()) {
        values.close();
      }
      conversion.eval(made.toArray(MlxArray[]::new));
      return made;
    }
  }

  /** Packing could hide them: a group that holds one may look like any other. */
  private void requireFinite(MlxScope step, MlxArray values) {
    try (MlxScope check = step.child("finite")) {
      MlxArray flat = check.ops().reshape(check.ops().isFinite(values), -1);
      MlxArray all = check.ops().astype(check.ops().all(flat, -1, true), DType.FLOAT32);
      if (all.toFloats()[0] == 0) {
        throw CheckpointException.inFile(
            location(name).shard().file(),
            "tensor %s holds NaN, infinity, or more than %s can hold"
                .formatted(ErrorText.quoted(name), dtype),
            "download it again, or give another --dtype; hbar inspect --weights shows where");
      }
    }
  }

  private MlxArray values(MlxScope step) {
    MlxArray raw = load(step, name);
    if (files.adapter().paths().contains(path(name))) {
      MlxArray wide =
          from.isPresent()
              ? unpacked(step, raw, from.get(), DType.FLOAT32)
              : step.ops().astype(raw, DType.FLOAT32);
      return step.ops().astype(files.adapter().onTop(step, path(name), wide), dtype);
    }
    if (from.isPresent()) {
      return unpacked(step, raw, from.get(), dtype);
    }
    if (raw.dtype() == dtype) {
      return raw;
    }
    MlxArray typed = step.ops().astype(raw, dtype);
    raw.close();
    return typed;
  }

  private MlxArray unpacked(MlxScope step, MlxArray codes, Quantization packed, DType type) {
    QuantizedWeight typed =
        stored(step, codes, packed).withScales(scales -> step.ops().astype(scales, type));
    MlxArray values = step.quantized().dequantize(typed, type);
    codes.close();
    return values;
  }

  private QuantizedWeight stored(MlxScope step, MlxArray codes, Quantization packed) {
    String path = path(name);
    MlxArray scales = load(step, path + ".scales");
    Optional<MlxArray> biases =
        packed.mode().hasBiases() ? Optional.of(load(step, path + ".biases")) : Optional.empty();
    try {
      return new QuantizedWeight(
          codes, scales, biases, packed.groupSize(), packed.bits(), packed.mode());
    } catch (IllegalArgumentException unfit) {
      throw new CheckpointException(
          "%s (%s): %s; the file and config.json disagree, fetch both again from one place"
              .formatted(path, location(name).shard().file(), unfit.getMessage()));
    }
  }

  private static List<MlxArray> packed(MlxScope step, MlxArray values, Quantization packing) {
    QuantizedWeight packed =
        step.quantized().quantize(values, packing.groupSize(), packing.bits(), packing.mode());
    List<MlxArray> parts = new ArrayList<>(List.of(packed.weight(), packed.scales()));
    packed.biases().ifPresent(parts::add);
    return parts;
  }

  private MlxArray load(MlxScope step, String part) {
    WeightFiles.Location location = location(part);
    String stored = location.tensor().name();
    return SafetensorsLoader.load(step, location.shard(), List.of(stored)).get(stored);
  }

  private WeightFiles.Location location(String part) {
    return files
        .find(part)
        .orElseThrow(
            () ->
                new CheckpointException(
                    "tensor %s is missing (%s): download the checkpoint again"
                        .formatted(part, files.shards().getFirst().file())));
  }
}
