package dev.hbar.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.hbar.mlx.Mlx;
import dev.hbar.mlx.MlxThread;
import dev.hbar.model.checkpoint.CheckpointDirectory;
import dev.hbar.model.checkpoint.MemoryPlan;
import dev.hbar.model.checkpoint.TensorScanner;
import dev.hbar.model.checkpoint.TensorStatistics;
import dev.hbar.model.decode.Prefill;
import dev.hbar.model.family.Compute;
import dev.hbar.model.family.ModelLoader;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code hbar inspect}: what a checkpoint holds, without building the model. */
@Command(
    name = "inspect",
    mixinStandardHelpOptions = true,
    description = "Show config, tensors and memory plan of a checkpoint.",
    footer = {"", "Example:", "  hbar inspect .hbar/models/SmolLM2-135M-Instruct-4bit --weights"})
final class InspectCommand implements Callable<Integer> {
  private static final int PLANNED_CONTEXT = 2048;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private AdapterOption adapter = new AdapterOption();

  @Parameters(paramLabel = "CHECKPOINT", description = "A folder, or ORG/NAME[@REVISION].")
  private String checkpoint = "";

  @Option(
      names = "--weights",
      description = {
        "Read every tensor: minimum, maximum, mean, deviation, NaN and infinities,",
        "and what stands out among the tensors of its name in the other blocks."
      })
  private boolean weights;

  @Option(names = "--json", description = "Print JSON instead of a table.")
  private boolean json;

  @Override
  public Integer call() throws JsonProcessingException {
    CheckpointDirectory directory =
        CheckpointDirectory.resolve(adapter.on(checkpoint), System.getenv());
    ModelLoader loader = ModelLoader.of(directory);
    TensorScanner scanner = new TensorScanner(loader.config(), loader.files());
    Map<String, TensorStatistics> statistics = new LinkedHashMap<>();
    if (weights) {
      for (String name : loader.files().names()) {
        MlxThread.run(() -> statistics.put(name, scanner.scan(name)));
      }
    }
    CheckpointReport report =
        new CheckpointReport(
            directory.name(), loader.config(), loader.files(), scanner, statistics, plan(loader));
    PrintWriter out = spec.commandLine().getOut();
    out.print(json ? report.json() + System.lineSeparator() : report.text());
    return ExitCodes.OK;
  }

  /** Without MLX the device is unknown, and so is the policy; the rest needs no library. */
  private static Optional<CheckpointReport.Plan> plan(ModelLoader loader) {
    if (Mlx.unavailable().isPresent()) {
      return Optional.empty();
    }
    Compute compute = loader.compute(Optional.empty());
    int context = Math.min(loader.config().contextLength(), PLANNED_CONTEXT);
    MemoryPlan memory = loader.plan(compute, context, 1, Prefill.CHUNK);
    String device = Mlx.device().name().toLowerCase(Locale.ROOT);
    return Optional.of(new CheckpointReport.Plan(device + ", " + compute, context, memory));
  }
}
