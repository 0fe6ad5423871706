package dev.hbar.model.convert;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxScope;
import dev.hbar.mlx.QuantizationMode;
import dev.hbar.mlx.safetensors.TensorInfo;
import dev.hbar.mlx.safetensors.TensorToWrite;
import dev.hbar.model.checkpoint.CheckpointException;
import dev.hbar.model.checkpoint.ModelConfig;
import dev.hbar.model.checkpoint.Quantization;
import dev.hbar.model.checkpoint.WeightFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which tensors of a checkpoint folder are kept and what becomes of them: matrices whose rows are
 * whole groups are packed, as MLX tools do it, and everything else that is float is cast.
 */
final class FolderPlan {

  private final ModelConfig config;
  private final WeightFiles files;
  private final ConvertSettings settings;

  private FolderPlan(ModelConfig config, WeightFiles files, ConvertSettings settings) {
    this.config = config;
    this.files = files;
    this.settings = settings;
  }

  /**
   * The plan of one conversion. Only headers are looked at.
   *
   * @throws CheckpointException when the packing is not explained by the config, or when nothing
   *     could be packed that shall be
   */
  static FolderPlan of(ModelConfig config, WeightFiles files, ConvertSettings settings) {
    FolderPlan plan = new FolderPlan(config, files, settings);
    if (settings.quantization().isPresent()
        && plan.kept().stream().noneMatch(name -> plan.to(name).isPresent())) {
      throw CheckpointException.inFile(
          config.file(),
          "no matrix has rows of whole groups of " + settings.quantization().get().groupSize(),
          "choose a smaller --group-size");
    }
    return plan;
  }

  /** The tensors to write, those of one weight together, in the order of the source. */
  List<List<TensorToWrite>> tensors(MlxScope conversion) {
    List<List<TensorToWrite>> groups = new ArrayList<>();
    for (String name : kept()) {
      groups.add(
          new TensorConversion(conversion, files, name, from(name), to(name), dtype(name))
              .outputs());
    }
    return groups;
  }

  /** Elements of the values of all kept tensors. */
  long parameters() {
    return kept().stream().mapToLong(this::elements).sum();
  }

  private long elements(String name) {
    return shape(name).stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
  }

  private List<String> kept() {
    return files.names().stream().filter(name -> !isCompanion(name)).toList();
  }

  /** Scales and biases come with their weight. */
  private boolean isCompanion(String name) {
    String path = name.replaceFirst("\\.(scales|biases)$", "");
    return !path.equals(name) && files.find(path + ".weight").isPresent();
  }

  private TensorInfo tensor(String name) {
    return files.find(name).orElseThrow().tensor();
  }

  private Optional<Quantization> from(String name) {
    String path = TensorConversion.path(name);
    if (path.equals(name) || files.find(path + ".scales").isEmpty()) {
      return Optional.empty();
    }
    String stored = TensorConversion.path(tensor(name).name());
    boolean biases = files.find(path + ".biases").isPresent();
    return Optional.of(
        config
            .quantization()
            .flatMap(all -> all.forPath(stored, biases))
            .orElseThrow(
                () ->
                    CheckpointException.inField(
                        config.file(),
                        "quantization",
                        path + " has scales, but no bits are given for it",
                        "fetch the checkpoint's own config.json")));
  }

  private Optional<Quantization> to(String name) {
    List<Integer> shape = shape(name);
    boolean matrix = name.endsWith(".weight") && shape.size() == 2;
    return settings
        .quantization()
        .filter(packing -> matrix && shape.getLast() % packing.groupSize() == 0);
  }

  private List<Integer> shape(String name) {
    TensorInfo tensor = tensor(name);
    return from(name)
        .map(packed -> TensorConversion.unpackedShape(tensor, packed))
        .orElse(tensor.shape());
  }

  /** What is given, else what the config says, else what is stored. */
  private DType dtype(String name) {
    Optional<Quantization> from = from(name);
    TensorInfo tensor = tensor(name);
    if (from.isEmpty() && !tensor.dtype().isFloating()) {
      return tensor.dtype();
    }
    return settings
        .dtype()
        .or(config::dtype)
        .orElseGet(() -> from.isPresent() ? scaleType(name, from.get()) : tensor.dtype());
  }

  /** Codes with byte scales are exact in bfloat16, which MLX unpacks them to. */
  private DType scaleType(String name, Quantization packed) {
    return packed.mode() == QuantizationMode.AFFINE
        ? files
            .find(TensorConversion.path(name) + ".scales")
            .map(scales -> scales.tensor().dtype())
            .orElse(DType.BFLOAT16)
        : DType.BFLOAT16;
  }
}
