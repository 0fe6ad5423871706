package dev.hbar.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hbar.mlx.ErrorText;
import dev.hbar.mlx.Mlx;
import dev.hbar.mlx.MlxThread;
import dev.hbar.mlx.safetensors.TensorInfo;
import dev.hbar.model.checkpoint.BlockOutlier;
import dev.hbar.model.checkpoint.MemoryPlan;
import dev.hbar.model.checkpoint.ModelConfig;
import dev.hbar.model.checkpoint.Quantization;
import dev.hbar.model.checkpoint.TensorScanner;
import dev.hbar.model.checkpoint.TensorStatistics;
import dev.hbar.model.checkpoint.WeightFiles;
import dev.hbar.model.decode.Prefill;
import dev.hbar.model.family.Compute;
import dev.hbar.model.family.ModelLoader;
import dev.hbar.model.io.Json;
import dev.hbar.study.report.TextTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code hbar inspect}: what a checkpoint holds, without building the model. */
@Command(
    name = "inspect",
    mixinStandardHelpOptions = true,
    description = "Show config, tensors and memory plan of a checkpoint.",
    footer = {"", "Example:", "  hbar inspect .hbar/models/SmolLM2-135M-Instruct-4bit --weights"})
final class InspectCommand implements Callable<Integer> {
  private static final int PLANNED_CONTEXT = 2048;

  @Mixin private final CheckpointArgument checkpoint;

  @Option(
      names = "--weights",
      description =
          "Read every tensor: minimum, maximum, mean, deviation, NaN and infinities, and what "
              + "stands out among the tensors of its name in the other blocks.")
  private boolean weights;

  @Mixin private final Output output;

  InspectCommand(Environment environment) {
    this.checkpoint = new CheckpointArgument(environment);
    this.output = new Output(environment);
  }

  @Override
  public Integer call() {
    CheckpointArgument.Opened opened = checkpoint.open();
    ModelLoader loader = opened.loader();
    TensorScanner scanner = new TensorScanner(loader.config(), loader.files());
    Map<String, TensorStatistics> statistics = new LinkedHashMap<>();
    if (weights) {
      for (String name : loader.files().names()) {
        MlxThread.run(() -> statistics.put(name, scanner.scan(name)));
      }
    }
    Report report =
        new Report(
            opened.directory().name(),
            loader.config(),
            loader.files(),
            scanner,
            statistics,
            plan(loader));
    output.print(report::json, report::text);
    return ExitCodes.OK;
  }

  /** Without MLX the device is unknown, and so is the policy; the rest needs no library. */
  private static Optional<Report.Plan> plan(ModelLoader loader) {
    if (Mlx.unavailable().isPresent()) {
      return Optional.empty();
    }
    Compute compute = loader.compute(Optional.empty());
    int context = Math.min(loader.config().contextLength(), PLANNED_CONTEXT);
    MemoryPlan memory = loader.plan(compute, context, 1, Prefill.CHUNK);
    String device = Mlx.device().name().toLowerCase(Locale.ROOT);
    return Optional.of(new Report.Plan(device + ", " + compute, context, memory));
  }

  /**
   * What a checkpoint holds, as text and as JSON.
   *
   * @param statistics by tensor name; empty unless the values were read
   * @param plan empty where the device is not known
   */
  public record Report(
      String name,
      ModelConfig config,
      WeightFiles files,
      TensorScanner packings,
      Map<String, TensorStatistics> statistics,
      Optional<Plan> plan) {
    private static final double MIB = 1 << 20;

    /** The memory for one sequence of {@code context} tokens under a compute policy. */
    public record Plan(String compute, int context, MemoryPlan memory) {}

    /** Config, plan and one line per tensor. */
    String text() {
      return facts() + System.lineSeparator() + tensors();
    }

    private String facts() {
      TextTable facts = new TextTable();
      facts.add("checkpoint", name + " (" + config.modelType() + ")");
      facts.add(
          "blocks",
          "%s, hidden %s, MLP %s"
              .formatted(config.layers(), config.hiddenSize(), config.intermediateSize()));
      facts.add(
          "heads",
          "%s, keys and values %s, each of %s"
              .formatted(config.heads(), config.kvHeads(), config.headDim()));
      facts.add("vocabulary", "%s%s".formatted(config.vocabSize(), tied() ? ", head tied" : ""));
      facts.add("context", config.contextLength() + " tokens, rope " + config.rope());
      facts.add("packing", packing());
      facts.add(
          "weights",
          String.format(
              Locale.ROOT,
              "%s tensors in %s files, %.1f MiB",
              files.locations().size(),
              files.shards().size(),
              files.byteSize() / MIB));
      files.note().ifPresent(note -> facts.add("note", note));
      int adapted = files.adapter().paths().size();
      if (adapted > 0) {
        facts.add("adapter", "on top of " + adapted + " weights, which are held unpacked");
      }
      List<String> leftOut = files.leftOut();
      if (!leftOut.isEmpty()) {
        facts.add("left out", leftOut.size() + " tensors of no text model: " + shown(leftOut));
      }
      plan.ifPresent(
          p ->
              facts.add(
                  "memory",
                  "%s for %s tokens (%s)".formatted(p.memory(), p.context(), p.compute())));
      return facts.render();
    }

    private static String shown(List<String> names) {
      String first =
          ErrorText.oneLine(String.join(", ", names.subList(0, Math.min(3, names.size()))));
      return names.size() <= 3 ? first : first + ", ...";
    }

    private boolean tied() {
      return config.tieWordEmbeddings().orElse(false);
    }

    private String packing() {
      return config
          .quantization()
          .map(
              all ->
                  "%s, %s layers otherwise, %s not packed"
                      .formatted(words(all.defaults()), all.overrides().size(), all.dense().size()))
          .orElse("none");
    }

    private static String words(Quantization packing) {
      return "%s, %s bits in groups of %s"
          .formatted(packing.mode().mlxName(), packing.bits(), packing.groupSize());
    }

    private String tensors() {
      TextTable table = new TextTable();
      Map<String, BlockOutlier> outliers = BlockOutlier.among(statistics);
      List<String> head = new ArrayList<>(List.of("tensor", "shape", "type", "bits/group"));
      if (!statistics.isEmpty()) {
        head.addAll(List.of("min", "max", "mean", "sd", "NaN", "inf", "beside other blocks"));
      }
      table.add(head.toArray(String[]::new));
      for (WeightFiles.Location location : files.locations().values()) {
        table.add(row(location.tensor(), outliers));
      }
      return table.render();
    }

    private String[] row(TensorInfo tensor, Map<String, BlockOutlier> outliers) {
      List<String> row = new ArrayList<>();
      row.add(ErrorText.oneLine(tensor.name()));
      row.add(tensor.shape().toString());
      row.add(tensor.dtype().safetensorsName());
      row.add(packings.packing(tensor.name()).map(p -> p.bits() + "/" + p.groupSize()).orElse("-"));
      TensorStatistics values = statistics.get(tensor.name());
      if (values != null) {
        row.addAll(
            List.of(
                number(values.min()),
                number(values.max()),
                number(values.mean()),
                number(values.deviation()),
                Long.toString(values.nan()),
                Long.toString(values.infinite()),
                Optional.ofNullable(outliers.get(tensor.name()))
                    .map(o -> o.statistic() + " x " + number(o.ratio()))
                    .orElse("")));
      }
      return row.toArray(String[]::new);
    }

    private static String number(double value) {
      return String.format(Locale.ROOT, "%.4g", value);
    }

    /**
     * {"checkpoint", "model_type", "config": {...}, "bytes", "memory"?: {...}, "tensors": [{"name",
     * "shape", "dtype", "file", "bits"?, "group_size"?, "mode"?, "min"?, ..., "outlier"?:
     * {"statistic", "ratio"}}]}: an outlier is unlike the tensors of its name in the other blocks.
     */
    String json() {
      ObjectNode root = Json.MAPPER.createObjectNode();
      root.put("checkpoint", name).put("model_type", config.modelType());
      root.putObject("config")
          .put("layers", config.layers())
          .put("hidden_size", config.hiddenSize())
          .put("intermediate_size", config.intermediateSize())
          .put("heads", config.heads())
          .put("kv_heads", config.kvHeads())
          .put("head_dim", config.headDim())
          .put("vocab_size", config.vocabSize())
          .put("max_position_embeddings", config.maxPositionEmbeddings())
          .put("rope", config.rope().toString())
          .put("tied", tied());
      root.put("bytes", files.byteSize());
      plan.ifPresent(p -> root.set("memory", memory(p)));
      Map<String, BlockOutlier> outliers = BlockOutlier.among(statistics);
      for (WeightFiles.Location location : files.locations().values()) {
        ObjectNode node = node(location);
        Optional.ofNullable(outliers.get(location.tensor().name()))
            .ifPresent(
                o ->
                    node.putObject("outlier")
                        .put("statistic", o.statistic())
                        .put("ratio", o.ratio()));
        root.withArrayProperty("tensors").add(node);
      }
      return root.toPrettyString();
    }

    private static ObjectNode memory(Plan plan) {
      return Json.MAPPER
          .createObjectNode()
          .put("compute", plan.compute())
          .put("context", plan.context())
          .put("weights", plan.memory().weights())
          .put("kv_cache", plan.memory().kvCache())
          .put("activations", plan.memory().activations())
          .put("total", plan.memory().total());
    }

    private ObjectNode node(WeightFiles.Location location) {
      TensorInfo tensor = location.tensor();
      ObjectNode node = Json.MAPPER.createObjectNode().put("name", tensor.name());
      tensor.shape().forEach(node.withArrayProperty("shape")::add);
      node.put("dtype", tensor.dtype().safetensorsName());
      node.put("file", location.shard().file().getFileName().toString());
      packings
          .packing(tensor.name())
          .ifPresent(
              p ->
                  node.put("bits", p.bits())
                      .put("group_size", p.groupSize())
                      .put("mode", p.mode().mlxName()));
      TensorStatistics values = statistics.get(tensor.name());
      if (values != null) {
        node.put("min", defined(values.min())).put("max", defined(values.max()));
        node.put("mean", defined(values.mean())).put("sd", defined(values.deviation()));
        node.put("nan", values.nan()).put("inf", values.infinite());
      }
      return node;
    }

    /** JSON has no NaN: null stands for what no value defines. */
    private static Double defined(double value) {
      return Double.isNaN(value) ? null : value;
    }
  }
}
