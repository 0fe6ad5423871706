package dev.hbar.model.convert;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.ErrorText;
import dev.hbar.mlx.safetensors.TensorToWrite;
import dev.hbar.model.checkpoint.CheckpointException;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What becomes of each tensor of a GGUF file. */
final class TensorPlan {

  private final GgufFile file;
  private final LlamaKeys keys;
  private final Map<GgufTensor, LlamaNames.Target> targets = new HashMap<>();

  private TensorPlan(GgufFile file, LlamaKeys keys) {
    this.file = file;
    this.keys = keys;
  }

  /**
   * Plans a conversion.
   *
   * @throws CheckpointException for a tensor that is missing, unknown or of a wrong shape
   */
  static TensorPlan of(GgufFile file, LlamaKeys keys) {
    TensorPlan plan = new TensorPlan(file, keys);
    for (GgufTensor tensor : file.tensors()) {
      if (!LlamaNames.FACTORS.contains(tensor.name())) {
        plan.add(tensor);
      }
    }
    plan.requireAll();
    return plan;
  }

  private void add(GgufTensor tensor) {
    String quoted = ErrorText.quoted(tensor.name());
    LlamaNames.Target target =
        LlamaNames.target(tensor.name(), keys)
            .orElseThrow(
                () ->
                    file.fault(
                        "tensor %s is not one of the %s architecture"
                            .formatted(quoted, keys.architecture().id())));
    int rank = tensor.shape().size();
    boolean vector = target.suffix().equals("bias") || target.path().endsWith("norm");
    if (rank != (vector ? 1 : 2) || vector && tensor.type().isQuantized()) {
      throw file.fault(
          "tensor %s has shape %s in %s".formatted(quoted, tensor.shape(), tensor.type()));
    }
    int rotated = target.isQuery() ? keys.heads() : target.isKey() ? keys.kvHeads() : 0;
    if (rotated > 0 && tensor.rows() != Math.multiplyExact(rotated, keys.headDim())) {
      throw file.fault(
          "tensor %s has %s rows, not %s heads of %s"
              .formatted(quoted, tensor.rows(), rotated, keys.headDim()));
    }
    targets.put(tensor, target);
  }

  private void requireAll() {
    Set<String> names = new HashSet<>();
    file.tensors().forEach(tensor -> names.add(tensor.name()));
    List<String> wanted = new ArrayList<>(List.of(LlamaNames.EMBEDDING, "output_norm.weight"));
    for (int layer = 0; layer < keys.layers(); layer++) {
      for (String part : keys.architecture().parts().keySet()) {
        wanted.add("blk.%s.%s.weight".formatted(layer, part));
      }
    }
    wanted.removeAll(names);
    if (!wanted.isEmpty()) {
      throw file.fault(
          "%s tensors are missing, such as %s"
              .formatted(wanted.size(), wanted.stream().sorted().findFirst().get()));
    }
  }

  /** The tensors of the checkpoint, read from the open GGUF file when they are written. */
  List<TensorToWrite> tensors(FileChannel channel) {
    List<TensorToWrite> written = new ArrayList<>();
    for (GgufTensor tensor : file.tensors()) {
      LlamaNames.Target target = targets.get(tensor);
      if (target != null && tensor.type().isPacked()) {
        addQuantized(written, channel, tensor, target);
      } else if (target != null && tensor.type().isQuantized()) {
        int bytes = Math.multiplyExact(tensor.columns(), Float.BYTES);
        RowCodec values = DenseRows.values(tensor.type());
        var source = new TensorStream(channel, tensor, order(target), values, bytes);
        written.add(new TensorToWrite(target.name(), DType.FLOAT32, tensor.shape(), source));
      } else if (target != null) {
        int rowBytes = tensor.type().rowBytes(tensor.columns());
        var source =
            new TensorStream(channel, tensor, order(target), copy(tensor, target), rowBytes);
        written.add(new TensorToWrite(target.name(), dtype(tensor.type()), tensor.shape(), source));
      }
    }
    return written;
  }

  private void addQuantized(
      List<TensorToWrite> written,
      FileChannel channel,
      GgufTensor tensor,
      LlamaNames.Target target) {
    GgmlType type = tensor.type();
    RowOrder order = order(target);
    int words = tensor.columns() * type.bits() / Integer.SIZE;
    boolean wide = SuperBlocks.reads(type);
    DType scale = wide ? DType.FLOAT32 : DType.FLOAT16;
    int groups = tensor.columns() / LlamaConfig.GROUP_SIZE;
    List<Integer> groupShape = List.of(tensor.rows(), groups);
    RowCodec weight = wide ? SuperBlocks.weight(type) : QuantizedRows.weight(type);
    RowCodec scales = wide ? SuperBlocks.scales(type) : QuantizedRows.scales(type);
    RowCodec biases = wide ? SuperBlocks.biases(type) : QuantizedRows.biases(type);
    written.add(
        new TensorToWrite(
            target.path() + ".weight",
            DType.UINT32,
            List.of(tensor.rows(), words),
            new TensorStream(channel, tensor, order, weight, words * Integer.BYTES)));
    written.add(
        new TensorToWrite(
            target.path() + ".scales",
            scale,
            groupShape,
            new TensorStream(channel, tensor, order, scales, groups * scale.itemSize())));
    written.add(
        new TensorToWrite(
            target.path() + ".biases",
            scale,
            groupShape,
            new TensorStream(channel, tensor, order, biases, groups * scale.itemSize())));
  }

  private RowCodec copy(GgufTensor tensor, LlamaNames.Target target) {
    if (!target.path().endsWith("norm") || !keys.architecture().addsOneToNorms()) {
      return RowCodec.copy();
    }
    if (tensor.type() != GgmlType.F32) {
      throw file.fault("norm %s is not in F32".formatted(ErrorText.quoted(tensor.name())));
    }
    return RowCodec.minusOne();
  }

  private RowOrder order(LlamaNames.Target target) {
    boolean turned = target.isQuery() || target.isKey();
    return turned && keys.architecture().turnsNeighbours()
        ? new RowOrder(keys.headDim())
        : RowOrder.SAME;
  }

  private static DType dtype(GgmlType type) {
    return switch (type) {
      case F32 -> DType.FLOAT32;
      case BF16 -> DType.BFLOAT16;
      default -> DType.FLOAT16;
    };
  }

  /** The matrices of the checkpoint by module path, in the order of the file. */
  Map<String, GgmlType> matrices() {
    Map<String, GgmlType> matrices = new LinkedHashMap<>();
    for (GgufTensor tensor : file.tensors()) {
      LlamaNames.Target target = targets.get(tensor);
      if (target != null && tensor.shape().size() == 2) {
        matrices.put(target.path(), tensor.type());
      }
    }
    return matrices;
  }

  /** Whether any block has such a bias. */
  boolean hasBias(String... parts) {
    return Arrays.stream(parts)
        .anyMatch(part -> file.tensor("blk.0." + part + ".bias").isPresent());
  }

  /** Rows of the embedding. */
  int vocabularySize() {
    return file.tensor(LlamaNames.EMBEDDING).orElseThrow().rows();
  }

  /** Whether the output layer is the embedding. */
  boolean isTied() {
    return file.tensor(LlamaNames.HEAD).isEmpty();
  }
}
