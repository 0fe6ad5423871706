package dev.hbar.cli;

import dev.hbar.mlx.Mlx;
import dev.hbar.mlx.MlxThread;
import dev.hbar.model.checkpoint.CheckpointDirectory;
import dev.hbar.model.checkpoint.CheckpointException;
import dev.hbar.model.checkpoint.MemoryLimit;
import dev.hbar.model.checkpoint.MemoryPlan;
import dev.hbar.model.decode.Prefill;
import dev.hbar.model.family.CausalLm;
import dev.hbar.model.family.Compute;
import dev.hbar.model.family.LoadOptions;
import dev.hbar.model.family.ModelLoader;
import dev.hbar.model.family.RopeReference;
import dev.hbar.model.layer.MaskChoice;
import dev.hbar.study.parity.Comparer;
import dev.hbar.study.parity.PointPair;
import dev.hbar.study.parity.Preset;
import dev.hbar.study.parity.ReferenceComparison;
import dev.hbar.study.parity.ReferenceFile;
import dev.hbar.study.report.ComparisonJson;
import dev.hbar.study.report.ComparisonTable;
import dev.hbar.study.report.DepthPlot;
import dev.hbar.study.report.PresetText;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code hbar compare}: where our numbers and another implementation's part. */
@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    description = "Compare a model with a reference, layer by layer.",
    footer = {
      "",
      "Exit code 3 when a point is over the bound.",
      "",
      "Example:",
      "  hbar compare .hbar/models/SmolLM2-135M-Instruct-4bit --reference reference.safetensors"
    })
final class CompareCommand implements Callable<Integer> {
  private final Map<String, String> environment;
  private final List<Preset> presets;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private AdapterOption adapter = new AdapterOption();

  @Parameters(
      arity = "0..1",
      paramLabel = "CHECKPOINT",
      description = "A folder, or ORG/NAME[@REVISION]; a preset knows its own.")
  private Optional<String> checkpoint = Optional.empty();

  @ArgGroup(exclusive = true, multiplicity = "1")
  private Against against = new Against();

  @Option(
      names = "--dtype",
      defaultValue = "auto",
      paramLabel = "TYPE",
      description = "Of the activations: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private ActivationType dtype = ActivationType.AUTO;

  @Option(
      names = "--rope-reference",
      defaultValue = "transformers",
      paramLabel = "IMPLEMENTATION",
      description = {
        "Whose definition, where two differ: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).",
        "Here --reference is the file that is compared with."
      })
  private RopeReference rope = RopeReference.TRANSFORMERS;

  @Mixin private CompareOptions options = new CompareOptions();

  CompareCommand(Map<String, String> environment, List<Preset> presets) {
    this.environment = Map.copyOf(environment);
    this.presets = List.copyOf(presets);
  }

  /** What our side is held against. */
  static final class Against {
    @Option(
        names = "--reference",
        paramLabel = "FILE",
        description = "Made by scripts/reference.py, or trace.safetensors of hbar trace.")
    private Optional<Path> reference = Optional.empty();

    @Option(
        names = "--preset",
        paramLabel = "NAME",
        description = "A known answer of another engine; a wrong name lists them.")
    private Optional<String> preset = Optional.empty();
  }

  @Override
  public Integer call() throws Exception {
    return against.preset.isPresent()
        ? preset(named(against.preset.get()))
        : reference(against.reference.orElseThrow());
  }

  private int reference(Path file) throws Exception {
    String argument =
        checkpoint.orElseThrow(
            () -> new ParameterException(spec.commandLine(), "--reference needs a CHECKPOINT"));
    CheckpointDirectory directory = CheckpointDirectory.resolve(argument, environment);
    ModelLoader loader = ModelLoader.of(directory);
    List<PointPair> pairs = options.pairs(spec.commandLine(), loader.config().layers());
    ReferenceFile reference = ReferenceFile.read(file);
    int[] prompt = prompt(reference, file, directory, loader);
    Compute compute = loader.compute(dtype.dtype());
    double bound =
        options
            .bound(spec.commandLine())
            .orElse(Comparer.Settings.bound(compute.dtype(), reference.dtype()));
    LoadOptions load = new LoadOptions(compute, MaskChoice.AUTO, rope(reference.rope()));
    announce(directory, loader, load, prompt.length, reference);
    Comparer.Settings settings =
        new Comparer.Settings(
            new ReferenceComparison.Side(
                directory.name(),
                "hbar on " + device(),
                compute.toString(),
                load.ropeReference().toString()),
            bound,
            options.isolate(),
            pairs,
            loader.checkpointDtype());
    ReferenceComparison comparison =
        MlxThread.call(
            () -> {
              try (CausalLm model = loader.load(load)) {
                return new Comparer(model, reference, prompt, settings).compare();
              }
            });
    print(options.json() ? ComparisonJson.json(comparison) : ComparisonTable.text(comparison));
    options.plot().ifPresent(png -> draw(comparison, png));
    return comparison.holds() ? ExitCodes.OK : ExitCodes.CHECK_DID_NOT_HOLD;
  }

  /** The ids that were given, else the reference's own; never two that differ. */
  private int[] prompt(
      ReferenceFile reference, Path file, CheckpointDirectory directory, ModelLoader loader)
      throws Exception {
    int[] given = options.ids();
    int[] own = MlxThread.call(() -> reference.prompt().orElseGet(() -> new int[0]));
    if (given.length == 0 && own.length == 0) {
      throw new CommandException(
          file + " does not say its prompt (metadata, prompt_ids); give --prompt-ids");
    }
    if (given.length > 0 && own.length > 0 && !Arrays.equals(given, own)) {
      throw new CommandException(
          file + " was made with another prompt (metadata, prompt_ids); leave out --prompt-ids");
    }
    int[] used = given.length > 0 ? given : own;
    return PromptChoice.known(used, directory, loader.config().vocabSize());
  }

  private void announce(
      CheckpointDirectory directory,
      ModelLoader loader,
      LoadOptions load,
      int promptTokens,
      ReferenceFile reference) {
    int pass = reference.needsOnePass() ? promptTokens : 0;
    MemoryPlan plan =
        loader.plan(
            load.compute(), promptTokens + reference.steps(), 1, Math.max(pass, Prefill.CHUNK));
    plan.requireWithin(MemoryLimit.bytes());
    spec.commandLine()
        .getErr()
        .printf("model %s (%s), memory plan %s%n", directory.name(), load.words(), plan);
  }

  private int preset(Preset preset) throws Exception {
    CheckpointDirectory directory = directory(preset);
    ModelLoader loader = ModelLoader.of(directory);
    Compute compute = loader.compute(dtype.dtype());
    int[] prompt = preset.prompt().stream().mapToInt(Integer::intValue).toArray();
    PromptChoice.known(prompt, directory, loader.config().vocabSize());
    Preset.Result result =
        MlxThread.call(
            () -> {
              try (CausalLm model = loader.load(new LoadOptions(compute, MaskChoice.AUTO))) {
                return preset.run(model, directory.name(), device() + ", " + compute);
              }
            });
    print(options.json() ? ComparisonJson.json(result) : PresetText.text(result));
    return result.holds() ? ExitCodes.OK : ExitCodes.CHECK_DID_NOT_HOLD;
  }

  private Preset named(String name) {
    return Preset.named(presets, name)
        .orElseThrow(
            () ->
                new ParameterException(
                    spec.commandLine(),
                    "no preset %s; there is %s"
                        .formatted(
                            name, String.join(", ", presets.stream().map(Preset::name).toList()))));
  }

  /** The folder that was given, else the first of the preset's checkpoints in the cache. */
  private CheckpointDirectory directory(Preset preset) {
    if (checkpoint.isPresent()) {
      return CheckpointDirectory.resolve(adapter.on(checkpoint.get()), environment);
    }
    for (String repository : preset.repositories()) {
      try {
        return CheckpointDirectory.resolve(repository, environment);
      } catch (CheckpointException absent) {
        if (!absent.isBadArgument()) {
          throw absent;
        }
      }
    }
    throw new CommandException(
        "preset %s: its checkpoint is not in the Hugging Face cache; run hbar pull %s, or name a folder as CHECKPOINT"
            .formatted(preset.name(), preset.repositories().getFirst()));
  }

  /** As the user says, else as the reference was made. */
  private RopeReference rope(Optional<RopeReference> references) {
    boolean said = spec.commandLine().getParseResult().hasMatchedOption("--rope-reference");
    return said ? rope : references.orElse(rope);
  }

  private static String device() {
    return Mlx.device().name().toLowerCase(Locale.ROOT);
  }

  private void print(String text) {
    PrintWriter out = spec.commandLine().getOut();
    out.print(text.endsWith("\n") ? text : text + System.lineSeparator());
    out.flush();
  }

  private void draw(ReferenceComparison comparison, Path png) {
    DepthPlot.write(comparison, png);
    // With --json stdout is one JSON document, so the path goes to stderr.
    PrintWriter target = options.json() ? spec.commandLine().getErr() : spec.commandLine().getOut();
    target.println("plot: " + png.toAbsolutePath().normalize());
  }
}
