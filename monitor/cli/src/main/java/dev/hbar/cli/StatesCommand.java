package dev.hbar.cli;

import dev.hbar.monitor.signal.Signal;
import dev.hbar.study.dataset.SampleSource;
import dev.hbar.study.ranks.FirstRank;
import dev.hbar.study.ranks.OtherRank;
import dev.hbar.study.ranks.Ranks;
import dev.hbar.study.scoring.Crew;
import dev.hbar.study.scoring.SampleRunner;
import dev.hbar.study.states.GivenModel;
import dev.hbar.study.states.StatePosition;
import dev.hbar.study.states.StatesFolder;
import dev.hbar.study.states.StatesParquet;
import dev.hbar.study.states.StatesRequest;
import dev.hbar.study.states.StatesRun;
import dev.hbar.study.states.StatesWriter;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code hbar states}: named hidden states of given answers, for detectors. */
@Command(
    name = "states",
    mixinStandardHelpOptions = true,
    description = {
      "Keep the hidden states and signals of the answers in a dataset (teacher forcing).",
      "",
      "DIR gets states.safetensors (one tensor per point and position, one row per sample), "
          + "index.jsonl (the samples) and states.json (what they were made of).",
      ""
    },
    footer = {
      "",
      "Example:",
      "  hbar states .hbar/models/SmolLM2-135M-Instruct-4bit \\",
      "    --data .hbar/data/halueval/dataset_halueval_dialogue.jsonl --task dialogue \\",
      "    --matched 500 --points 'block.*' --positions mean-answer \\",
      "    --out dialogue-states",
      "",
      "Stop it at any time; the same command resumes where it stopped.",
      "On several machines, or in several processes: scripts/launch --help."
    })
final class StatesCommand implements Callable<Integer> {
  private static final String RESUME = "run the same command again to resume";

  private final Environment environment;
  @Mixin private SampleOptions selection = new SampleOptions();
  @Mixin private CheckpointArgument.Rope rope = new CheckpointArgument.Rope();

  @Mixin private final CheckpointArgument checkpoint;

  @Option(
      names = "--points",
      split = ",",
      defaultValue = "block.*",
      paramLabel = "POINT",
      description =
          "block.N, block.* or final_norm (default: ${DEFAULT-VALUE}); the embedding is kept with "
              + "them: detectors are compared with it. lookback, icr: features made of attention "
              + "weights, for detectors of these kinds.")
  private List<String> points = List.of();

  @Option(
      names = "--positions",
      split = ",",
      defaultValue = "mean-answer",
      paramLabel = "POSITION",
      description =
          "last-prompt (after the question about the answer), last-answer, mean-answer, answer "
              + "(every token of it) (default: ${DEFAULT-VALUE}); mean-answer is always kept.")
  private List<StatePosition> positions = List.of();

  @Option(
      names = "--signals",
      defaultValue = "all",
      paramLabel = "all|none",
      description =
          "none: states alone, which is faster; then there is no detector of kind signals and no "
              + "comparison with signals (default: ${DEFAULT-VALUE}).")
  private Measured signals = Measured.ALL;

  @Option(
      names = "--dtype",
      defaultValue = "float16",
      paramLabel = "float16|float32",
      description = "How states are written (default: ${DEFAULT-VALUE}).")
  private Precision dtype = Precision.FLOAT16;

  @Option(
      names = "--format",
      defaultValue = "safetensors",
      paramLabel = "safetensors|npy|parquet",
      description =
          "npy: also one NPY file per tensor; parquet: also samples.parquet with what index.jsonl "
              + "says and the states, and tokens.parquet for position answer "
              + "(default: ${DEFAULT-VALUE}).")
  private Format format = Format.SAFETENSORS;

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "The folder.")
  private Path out = Path.of("");

  StatesCommand(Environment environment) {
    this.environment = environment;
    this.checkpoint = new CheckpointArgument(environment);
  }

  @Override
  public Integer call() {
    WrongUsage.refuse(selection.problem());
    StatesRequest request = request();
    SampleSource samples = selection.samples();
    Optional<Ranks> ranks = Ranks.of(environment.variables());
    return ranks.filter(Ranks::helps).isPresent()
        ? help(ranks.get(), request, samples)
        : lead(ranks, request, samples);
  }

  /** Computes for rank 0, which writes the folder. */
  private int help(Ranks ranks, StatesRequest request, SampleSource samples) {
    try (Interrupts interrupts = Interrupts.installAtOnce(environment.err());
        GivenModel model = open()) {
      OtherRank.Work work =
          new StatesRun(model, request).work(header(model, request, samples), samples);
      int done = new OtherRank(ranks, interrupts::end).run(wanted -> work);
      environment.err().println(ranks.done(done));
      return ExitCodes.OK;
    }
  }

  private GivenModel open() {
    return GivenModel.open(checkpoint.name(), environment.variables(), rope.reference);
  }

  private int lead(Optional<Ranks> ranks, StatesRequest request, SampleSource samples) {
    try (Interrupts interrupts = Interrupts.installAtOnce(environment.err());
        Crew crew = FirstRank.of(ranks, environment.err()::println);
        GivenModel model = open()) {
      StatesFolder.Header header = header(model, request, samples);
      StatesWriter writer = StatesWriter.open(out, header);
      CheckpointArgument.announce(
          environment, model.note(), model.name(), model.compute(), model.memory());
      SampleRunner.Watch.Outcome outcome =
          run(samples, new StatesRun(model, request), writer, interrupts, crew);
      return exitCode(outcome, writer, interrupts);
    }
  }

  /** Which signals of the answers' tokens are measured. */
  enum Measured {
    ALL,
    NONE;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Bits of a state that is written. */
  enum Precision {
    FLOAT16,
    FLOAT32;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Into what files states are written. */
  enum Format {
    SAFETENSORS,
    NPY,
    PARQUET;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private StatesRequest request() {
    Set<StatePosition> wanted = EnumSet.of(StatePosition.MEAN_ANSWER);
    wanted.addAll(positions);
    return new StatesRequest(
        points, wanted, signals == Measured.ALL, dtype == Precision.FLOAT16, Signal.ALPHA);
  }

  private StatesFolder.Header header(
      GivenModel model, StatesRequest request, SampleSource samples) {
    try {
      return StatesFolder.Header.of(model, request, samples.origin(), samples.size());
    } catch (IllegalArgumentException e) {
      throw new WrongUsage("--points: " + e.getMessage());
    }
  }

  private SampleRunner.Watch.Outcome run(
      SampleSource samples, StatesRun run, StatesWriter writer, Interrupts interrupts, Crew crew) {
    if (writer.joined()) {
      return new SampleRunner.Watch.Outcome(
          samples.size(), samples.size(), samples.size(), writer.failed());
    }
    try (Progress.Watch progress =
        Progress.watch(environment, interrupts, "states", RESUME, 0, samples.size())) {
      return run.run(samples, writer, progress, crew);
    }
  }

  private int exitCode(
      SampleRunner.Watch.Outcome outcome, StatesWriter writer, Interrupts interrupts) {
    if (!outcome.complete()) {
      environment
          .err()
          .println("hbar: " + Progress.interrupted(outcome.done(), outcome.total(), RESUME));
      return interrupts.exitCode();
    }
    switch (format) {
      case SAFETENSORS -> {}
      case NPY -> writer.exportNpy();
      case PARQUET -> StatesParquet.write(out);
    }
    environment
        .out()
        .printf("%s samples in %s, %s failed%n", outcome.done(), out, outcome.failed());
    if (outcome.failed() == outcome.total()) {
      throw new CommandException(
          "every sample failed; the reasons are in the \"error\" fields of " + out);
    }
    return ExitCodes.OK;
  }
}
