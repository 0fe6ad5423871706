package dev.hbar.cli;

import dev.hbar.mlx.Mlx;
import dev.hbar.mlx.MlxThread;
import dev.hbar.model.capture.CaptureRequest;
import dev.hbar.model.checkpoint.CheckpointDirectory;
import dev.hbar.model.checkpoint.MemoryLimit;
import dev.hbar.model.checkpoint.MemoryPlan;
import dev.hbar.model.decode.Prefill;
import dev.hbar.model.family.CausalLm;
import dev.hbar.model.family.Compute;
import dev.hbar.model.family.LoadOptions;
import dev.hbar.model.family.ModelLoader;
import dev.hbar.model.layer.MaskChoice;
import dev.hbar.study.parity.PromptPass;
import dev.hbar.study.parity.Trace;
import dev.hbar.study.parity.TraceFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code hbar trace}: every state of a greedy generation, for comparison with another engine. */
@Command(
    name = "trace",
    mixinStandardHelpOptions = true,
    description = "Generate greedily and write logits, blocks and signals of every step.",
    footer = {
      "",
      "Example:",
      "  hbar trace .hbar/models/SmolLM2-135M-Instruct-4bit \\",
      "    --prompt \"The capital of France is\" --steps 8 --points 'block.*.output' --out trace"
    })
final class TraceCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private AdapterOption adapter = new AdapterOption();

  @Parameters(paramLabel = "CHECKPOINT", description = "A folder, or ORG/NAME[@REVISION].")
  private String checkpoint = "";

  @ArgGroup(exclusive = true, multiplicity = "1")
  private PromptChoice prompt = new PromptChoice();

  @Option(
      names = "--steps",
      defaultValue = "8",
      paramLabel = "N",
      description = "Most tokens generated (default: ${DEFAULT-VALUE}).")
  private int steps;

  @Option(names = "--ignore-eos", description = "Go on after an end-of-sequence token.")
  private boolean ignoreEos;

  @Option(
      names = "--dtype",
      defaultValue = "auto",
      paramLabel = "TYPE",
      description = "Of the activations: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private ActivationType dtype = ActivationType.AUTO;

  @Option(
      names = "--mask",
      defaultValue = "auto",
      paramLabel = "MASK",
      description = "auto: MLX's causal mode where it fits; additive: always an array.")
  private MaskChoice mask = MaskChoice.AUTO;

  @Mixin private RopeOptions rope = new RopeOptions();

  @Mixin private PointOptions points = new PointOptions();

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Folder for trace.safetensors and trace.json.")
  private Path out = Path.of("");

  @Override
  public Integer call() throws Exception {
    if (steps < 1) {
      throw new ParameterException(spec.commandLine(), "--steps must be at least 1");
    }
    CheckpointDirectory directory =
        CheckpointDirectory.resolve(adapter.on(checkpoint), System.getenv());
    ModelLoader loader = ModelLoader.of(directory);
    CaptureRequest request = points.request(spec.commandLine(), loader.config().layers());
    int[] tokens = prompt.tokens(directory, loader.config().vocabSize());
    requireFits(tokens.length, loader);
    createFolder();
    Compute compute = loader.compute(dtype.dtype());
    int pass = request.needsOnePass() ? tokens.length : Prefill.CHUNK;
    MemoryPlan plan = loader.plan(compute, tokens.length + steps, 1, Math.max(pass, Prefill.CHUNK));
    plan.requireWithin(MemoryLimit.bytes());
    LoadOptions options = new LoadOptions(compute, mask, rope.reference);
    String device = options.words();
    spec.commandLine()
        .getErr()
        .printf("model %s (%s), memory plan %s%n", directory.name(), device, plan);
    Traced traced = MlxThread.call(() -> trace(loader, options, tokens, request));
    points.requireGiven(traced.states(), loader.config().layers(), loader.config().modelType());
    Trace trace = traced.trace();
    new TraceFile(directory.name(), compute.dtype(), tokens)
        .with("compute", device)
        .with("rope_reference", rope.reference.toString())
        .with("mlx", Mlx.version())
        .with(request, traced.states())
        .write(trace, out);
    spec.commandLine().getOut().printf("%s steps in %s%n", trace.steps().size(), out);
    return ExitCodes.OK;
  }

  /** The generation, and the named states of the prompt. */
  private record Traced(Trace trace, List<PromptPass.State> states) {}

  private Traced trace(
      ModelLoader loader, LoadOptions options, int[] tokens, CaptureRequest request) {
    try (CausalLm model = loader.load(options)) {
      Trace trace = Trace.of(model, tokens, steps, ignoreEos);
      boolean named = !request.points().isEmpty();
      return new Traced(trace, named ? new PromptPass(model).states(tokens, request) : List.of());
    }
  }

  /** Nothing is cut silently. */
  private void requireFits(int promptTokens, ModelLoader loader) {
    int context = loader.config().contextLength();
    if ((long) promptTokens + steps > context) {
      throw new CommandException(
          "%s prompt and %s new tokens exceed the context of %s (max_position_embeddings, in %s); shorten the prompt or take fewer --steps"
              .formatted(promptTokens, steps, context, loader.config().file()));
    }
  }

  private void createFolder() {
    try {
      Files.createDirectories(out);
    } catch (IOException e) {
      throw new CommandException("cannot create the folder " + out + "; choose another --out", e);
    }
  }
}
