package dev.hbar.cli;

import dev.hbar.monitor.signal.RuptureIndex;
import dev.hbar.study.dataset.SampleSource;
import dev.hbar.study.scoring.RunOutcome;
import dev.hbar.study.states.GivenModel;
import dev.hbar.study.states.Position;
import dev.hbar.study.states.StatesHeader;
import dev.hbar.study.states.StatesRequest;
import dev.hbar.study.states.StatesRun;
import dev.hbar.study.states.StatesWriter;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code hbar states}: named hidden states of given answers, for detectors. */
@Command(
    name = "states",
    mixinStandardHelpOptions = true,
    description = {
      "Keep the hidden states and signals of the answers in a dataset (teacher forcing).",
      "",
      "DIR gets states.safetensors (one tensor per point and position, one row per sample),",
      "index.jsonl (the samples) and states.json (what they were made of).",
      ""
    },
    footer = {
      "",
      "Example:",
      "  hbar states .hbar/models/SmolLM2-135M-Instruct-4bit \\",
      "    --data .hbar/data/halueval/dataset_halueval_dialogue.jsonl --task dialogue \\",
      "    --matched 500 --points 'block.*' --positions mean-answer --out dialogue-states",
      "",
      "Stop it at any moment; the same command goes on where it was."
    })
final class StatesCommand implements Callable<Integer> {
  private final Map<String, String> environment;
  private final Terminal terminal;
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private SampleOptions selection = new SampleOptions();
  @Mixin private RopeOptions rope = new RopeOptions();

  @Mixin private AdapterOption adapter = new AdapterOption();

  @Parameters(paramLabel = "CHECKPOINT", description = "A folder, or ORG/NAME[@REVISION].")
  private String checkpoint = "";

  @Option(
      names = "--points",
      split = ",",
      defaultValue = "block.*",
      paramLabel = "POINT",
      description = {
        "block.N, block.* or final_norm (default: ${DEFAULT-VALUE}); the embedding is kept with",
        "them: detectors are compared with it."
      })
  private List<String> points = List.of();

  @Option(
      names = "--positions",
      split = ",",
      defaultValue = "mean-answer",
      paramLabel = "POSITION",
      description = {
        "last-prompt (after the question about the answer), last-answer, mean-answer, answer (every",
        "token of it) (default: ${DEFAULT-VALUE}); mean-answer is always kept."
      })
  private List<String> positions = List.of();

  @Option(
      names = "--dtype",
      defaultValue = "float16",
      paramLabel = "float16|float32",
      description = "How states are written (default: ${DEFAULT-VALUE}).")
  private String dtype = "float16";

  @Option(
      names = "--format",
      defaultValue = "safetensors",
      paramLabel = "safetensors|npy",
      description = "npy: also one NPY file per tensor (default: ${DEFAULT-VALUE}).")
  private String format = "safetensors";

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "The folder.")
  private Path out = Path.of("");

  StatesCommand(Map<String, String> environment, Terminal terminal) {
    this.environment = Map.copyOf(environment);
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    WrongUsage.refuse(spec, selection.problem());
    StatesRequest request = request();
    SampleSource samples = selection.samples();
    try (Interrupts interrupts = Interrupts.install(System.err);
        GivenModel model = GivenModel.open(adapter.on(checkpoint), environment, rope.reference)) {
      StatesHeader header = header(model, request, samples);
      StatesWriter writer = StatesWriter.open(out, header);
      spec.commandLine()
          .getErr()
          .printf("model %s (%s), memory plan %s%n", model.name(), model.compute(), model.memory());
      RunOutcome outcome = run(samples, new StatesRun(model, request), writer, interrupts);
      return exitCode(outcome, writer, interrupts);
    }
  }

  private StatesRequest request() {
    if (!Set.of("float16", "float32").contains(dtype)) {
      throw new ParameterException(spec.commandLine(), "--dtype is float16 or float32");
    }
    if (!Set.of("safetensors", "npy").contains(format)) {
      throw new ParameterException(spec.commandLine(), "--format is safetensors or npy");
    }
    try {
      Set<Position> wanted = EnumSet.of(Position.MEAN_ANSWER);
      positions.forEach(name -> wanted.add(Position.of(name)));
      return new StatesRequest(points, wanted, dtype.equals("float16"), RuptureIndex.ALPHA);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--positions: " + e.getMessage());
    }
  }

  private StatesHeader header(GivenModel model, StatesRequest request, SampleSource samples) {
    try {
      return StatesHeader.of(model, request, samples.origin(), samples.size());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--points: " + e.getMessage());
    }
  }

  private RunOutcome run(
      SampleSource samples, StatesRun run, StatesWriter writer, Interrupts interrupts) {
    if (writer.joined()) {
      return new RunOutcome(samples.size(), samples.size(), samples.size(), 0);
    }
    try (Progress progress =
        Progress.open(terminal, System.err, "states", "samples", 0, samples.size())) {
      return run.run(samples, writer, new ProgressWatch(progress, interrupts));
    }
  }

  private int exitCode(RunOutcome outcome, StatesWriter writer, Interrupts interrupts) {
    if (!outcome.complete()) {
      spec.commandLine()
          .getErr()
          .printf(
              "hbar: interrupted after %s of %s samples; run the same command again to go on%n",
              outcome.done(), outcome.total());
      return interrupts.exitCode();
    }
    if (format.equals("npy")) {
      writer.exportNpy();
    }
    spec.commandLine()
        .getOut()
        .printf("%s samples in %s, %s failed%n", outcome.done(), out, outcome.failed());
    if (outcome.failed() == outcome.total()) {
      throw new CommandException(
          "every sample failed; the reasons are in the \"error\" fields of " + out);
    }
    return ExitCodes.OK;
  }
}
