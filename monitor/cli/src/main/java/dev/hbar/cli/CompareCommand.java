package dev.hbar.cli;

import dev.hbar.cli.CheckpointArgument.Opened;
import dev.hbar.mlx.Mlx;
import dev.hbar.mlx.MlxThread;
import dev.hbar.model.capture.CapturePoint;
import dev.hbar.model.capture.CapturePoints;
import dev.hbar.model.checkpoint.CheckpointDirectory;
import dev.hbar.model.checkpoint.CheckpointException;
import dev.hbar.model.family.Compute;
import dev.hbar.model.family.LoadOptions;
import dev.hbar.model.family.RopeReference;
import dev.hbar.model.layer.MaskChoice;
import dev.hbar.study.parity.Comparer;
import dev.hbar.study.parity.Preset;
import dev.hbar.study.parity.ReferenceComparison;
import dev.hbar.study.parity.ReferenceFile;
import dev.hbar.study.report.DepthPlot;
import dev.hbar.study.report.ParityReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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
      "  hbar compare .hbar/models/SmolLM2-135M-Instruct-4bit \\",
      "    --reference reference.safetensors"
    })
final class CompareCommand implements Callable<Integer> {
  private final Environment environment;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      arity = "0..1",
      paramLabel = "CHECKPOINT",
      description = "A folder, or ORG/NAME[@REVISION]; a preset knows its own.")
  private Optional<String> checkpoint = Optional.empty();

  @ArgGroup(exclusive = true, multiplicity = "1")
  private Against against = new Against();

  @Mixin private CheckpointArgument.Computed computed = new CheckpointArgument.Computed();

  @Option(
      names = "--rope-reference",
      defaultValue = "transformers",
      paramLabel = "IMPLEMENTATION",
      description =
          "Whose definition, where two differ: ${COMPLETION-CANDIDATES} (default: "
              + "${DEFAULT-VALUE}). Here --reference is the file that is compared with.")
  private RopeReference rope = RopeReference.TRANSFORMERS;

  @Option(
      names = "--prompt-ids",
      split = ",",
      paramLabel = "ID",
      description = "The prompt, for a reference that does not say it.")
  private List<Integer> ids = List.of();

  @Option(
      names = "--points",
      split = ",",
      paramLabel = "POINT[=POINT]",
      description =
          "Only these named states, such as block.*.output; OURS=THEIRS holds one of ours against "
              + "another one of the reference, if they are of one kind.")
  private List<String> points = List.of();

  @Option(
      names = "--bound",
      paramLabel = "X",
      description =
          "Relative error that is still right (default: 1e-4 in float32, 2e-2 in 16-bit types).")
  private Optional<Double> bound = Optional.empty();

  @Option(
      names = "--isolate",
      description = "Also run every block, attention and MLP on the reference's own input.")
  private boolean isolate;

  @Option(
      names = "--plot",
      paramLabel = "FILE.png|svg|pdf",
      description = "Also draw the error by depth.")
  private Optional<Path> plot = Optional.empty();

  @Mixin private CheckpointArgument.Adapter adapter = new CheckpointArgument.Adapter();

  @Mixin private final Output output;

  CompareCommand(Environment environment) {
    this.environment = environment;
    this.output = new Output(environment);
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
        checkpoint.orElseThrow(() -> new WrongUsage("--reference needs a CHECKPOINT"));
    Opened opened =
        Opened.of(CheckpointArgument.directory(adapter.on(argument), environment), environment);
    List<Comparer.PointPair> pairs = pairs(opened.loader().config().layers());
    ReferenceFile reference = ReferenceFile.read(file);
    int[] prompt = prompt(reference, file, opened);
    Compute compute = opened.compute(computed.dtype);
    double bound = bound().orElse(Comparer.Settings.bound(compute.dtype(), reference.dtype()));
    LoadOptions load = new LoadOptions(compute, MaskChoice.AUTO, rope(reference.rope()));
    opened.plan(
        load, prompt.length + reference.steps(), reference.needsOnePass() ? prompt.length : 0);
    Comparer.Settings settings =
        new Comparer.Settings(
            new ReferenceComparison.Side(
                opened.directory().name(),
                "hbar on " + device(),
                compute.toString(),
                load.ropeReference().toString()),
            bound,
            isolate,
            pairs,
            opened.loader().checkpointDtype());
    ReferenceComparison comparison =
        opened.use(load, model -> new Comparer(model, reference, prompt, settings).compare());
    output.print(() -> ParityReport.json(comparison), () -> ParityReport.text(comparison));
    plot.ifPresent(png -> draw(comparison, png));
    return comparison.holds() ? ExitCodes.OK : ExitCodes.CHECK_DID_NOT_HOLD;
  }

  /** The ids that were given, else the reference's own; never two that differ. */
  private int[] prompt(ReferenceFile reference, Path file, Opened opened) throws Exception {
    int[] given = ids();
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
    return opened.known(used);
  }

  private int preset(Preset preset) throws Exception {
    Opened opened = Opened.of(directory(preset), environment);
    Compute compute = opened.compute(computed.dtype);
    int[] prompt = preset.prompt().stream().mapToInt(Integer::intValue).toArray();
    opened.known(prompt);
    String name = opened.directory().name();
    Preset.Result result =
        opened.use(
            new LoadOptions(compute, MaskChoice.AUTO),
            model -> preset.run(model, name, device() + ", " + compute));
    output.print(() -> ParityReport.json(result), () -> ParityReport.text(result));
    return result.holds() ? ExitCodes.OK : ExitCodes.CHECK_DID_NOT_HOLD;
  }

  private static Preset named(String name) {
    List<Preset> presets = Preset.all();
    return Preset.named(presets, name)
        .orElseThrow(
            () ->
                new WrongUsage(
                    "no preset %s; there is %s"
                        .formatted(
                            name, String.join(", ", presets.stream().map(Preset::name).toList()))));
  }

  /** The folder that was given, else the first of the preset's checkpoints in the cache. */
  private CheckpointDirectory directory(Preset preset) {
    if (checkpoint.isPresent()) {
      return CheckpointArgument.directory(adapter.on(checkpoint.get()), environment);
    }
    for (String repository : preset.repositories()) {
      try {
        return CheckpointArgument.directory(repository, environment);
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

  private void draw(ReferenceComparison comparison, Path png) {
    DepthPlot.write(comparison, png);
    output.beside().println("plot: " + png.toAbsolutePath().normalize());
  }

  /** The ids that were given; empty if none. */
  private int[] ids() {
    return ids.stream().mapToInt(Integer::intValue).toArray();
  }

  /** The bound that was given. */
  private OptionalDouble bound() {
    if (bound.isPresent() && !(bound.get() > 0)) {
      throw new WrongUsage("--bound must be above 0");
    }
    return bound.map(OptionalDouble::of).orElse(OptionalDouble.empty());
  }

  /** The points that were named; empty for all of the reference. Two kinds are refused by name. */
  private List<Comparer.PointPair> pairs(int layers) {
    List<Comparer.PointPair> pairs = new ArrayList<>();
    for (String pattern : points) {
      String[] sides = pattern.split("=", -1);
      try {
        List<CapturePoint> ours = CapturePoints.expand(sides[0], layers);
        List<CapturePoint> theirs =
            sides.length == 2 ? CapturePoints.expand(sides[1], layers) : ours;
        if (sides.length > 2 || ours.size() != theirs.size()) {
          throw new IllegalArgumentException(pattern + ": one point against one point");
        }
        for (int i = 0; i < ours.size(); i++) {
          pairs.add(new Comparer.PointPair(ours.get(i), theirs.get(i)));
        }
      } catch (IllegalArgumentException unknown) {
        throw new WrongUsage("--points " + unknown.getMessage(), unknown);
      }
    }
    return pairs;
  }
}
