package dev.hbar.cli;

import dev.hbar.monitor.signal.Signal;
import dev.hbar.study.dataset.SampleSource;
import dev.hbar.study.ranks.FirstRank;
import dev.hbar.study.ranks.OtherRank;
import dev.hbar.study.ranks.Ranks;
import dev.hbar.study.report.SamplingText;
import dev.hbar.study.scores.RunJournal;
import dev.hbar.study.scores.ScoreFile;
import dev.hbar.study.scores.ScoreInput;
import dev.hbar.study.scoring.Crew;
import dev.hbar.study.scoring.SampleRunner;
import dev.hbar.study.scoring.ScoringBackend;
import dev.hbar.study.scoring.ScoringRequest;
import dev.hbar.study.states.GivenBackend;
import dev.hbar.study.states.GivenBackend.SamplingRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code hbar score}: the main job, samples in and a score file out. */
@Command(
    name = "score",
    mixinStandardHelpOptions = true,
    description = "Score HaluEval samples with a model: semantic uncertainty, PRI and more.",
    footer = {
      "",
      "Example:",
      "  hbar score .hbar/models/SmolLM2-135M-Instruct-4bit \\",
      "    --data .hbar/data/halueval/qa.jsonl --task qa --limit 20 --out scores.jsonl",
      "  hbar score .hbar/models/SmolLM2-135M-Instruct-4bit \\",
      "    --data .hbar/data/halueval --set train --n 200 --out train.jsonl",
      "  hbar score .hbar/models/SmolLM2-135M-Instruct-4bit --answers sampled \\",
      "    --data .hbar/data/halueval/qa.jsonl --task qa --limit 20 --out again.jsonl",
      "",
      "Stop it at any time; the same command resumes where it stopped.",
      "On several machines, or in several processes: scripts/launch --help."
    })
final class ScoreCommand implements Callable<Integer> {
  private static final String RESUME = "run the same command again to resume";

  private final ScoringBackend backend;
  private final Environment environment;

  @Mixin private final CheckpointArgument checkpoint;

  @Mixin private SampleOptions selection = new SampleOptions();

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE.jsonl",
      description = "The score file; resumed if it is of the same run.")
  private Path out = Path.of("");

  @Option(names = "--per-token", description = "Keep the signals of every token.")
  private boolean perToken;

  @Mixin private Scoring scoring = new Scoring();

  @Option(
      names = "--answers",
      defaultValue = "generated",
      paramLabel = "generated|given|sampled",
      description =
          "Whose tokens are measured: those that the model generates after the question, or those "
              + "of the answer in the data; sampled: those of the answer in the data, and the model "
              + "is also asked for several answers of its own; prints what semantic entropy and "
              + "self-consistency gain and cost (default: ${DEFAULT-VALUE}).")
  private Answers answers = Answers.GENERATED;

  @Option(
      names = "--samples",
      defaultValue = "10",
      paramLabel = "N",
      description = "With --answers sampled: answers per question (default: ${DEFAULT-VALUE}).")
  private int samples;

  @Option(
      names = "--temperature",
      defaultValue = "1",
      paramLabel = "T",
      description = "With --answers sampled (default: ${DEFAULT-VALUE}).")
  private float temperature;

  @Option(
      names = "--sampling-seed",
      defaultValue = "42",
      paramLabel = "N",
      description = "With --answers sampled (default: ${DEFAULT-VALUE}).")
  private long samplingSeed;

  @Spec private CommandSpec spec = CommandSpec.create();

  ScoreCommand(Environment environment, ScoringBackend backend) {
    this.environment = environment;
    this.checkpoint = new CheckpointArgument(environment);
    this.backend = backend;
  }

  @Override
  public Integer call() {
    WrongUsage.refuse(selection.problem().or(scoring::problem).or(this::unheard));
    Optional<Ranks> ranks = Ranks.of(environment.variables());
    return ranks.filter(Ranks::helps).isPresent() ? help(ranks.get()) : lead(ranks);
  }

  /** Scores for rank 0, which writes the file. */
  private int help(Ranks ranks) {
    SampleSource source = selection.samples();
    try (Interrupts interrupts = Interrupts.installAtOnce(environment.err());
        ScoringBackend.Session session =
            chosen().open(checkpoint.name(), scoring.request(perToken))) {
      ScoreFile.Header header = scoring.request(perToken).header(session, source.origin());
      int done =
          new OtherRank(ranks, interrupts::end)
              .run(wanted -> OtherRank.Work.scoring(header, source, session));
      environment.err().println(ranks.done(done));
      return ExitCodes.OK;
    }
  }

  private int lead(Optional<Ranks> ranks) {
    requireFolder(out);
    SampleSource source = selection.samples();
    try (Interrupts interrupts = Interrupts.installAtOnce(environment.err());
        Crew crew = FirstRank.of(ranks, environment.err()::println);
        ScoringBackend.Session session =
            chosen().open(checkpoint.name(), scoring.request(perToken));
        RunJournal journal =
            RunJournal.open(out, scoring.request(perToken).header(session, source.origin()))) {
      CheckpointArgument.announce(
          environment,
          session.note(),
          session.checkpointName(),
          session.compute(),
          session.memory());
      int code = exitCode(run(source, session, journal, interrupts, crew), interrupts);
      if (code == ExitCodes.OK && !session.costs().isEmpty()) {
        environment.out().print("\n" + SamplingText.of(ScoreInput.read(out), session.costs()));
      }
      return code;
    }
  }

  private ScoringBackend chosen() {
    return switch (answers) {
      case GENERATED -> backend;
      case GIVEN -> new GivenBackend(environment.variables());
      case SAMPLED -> new GivenBackend(environment.variables(), Optional.of(sampling()));
    };
  }

  /** What only asking again listens to. */
  private Optional<String> unheard() {
    CommandLine.ParseResult said = spec.commandLine().getParseResult();
    return answers == Answers.SAMPLED
        ? Optional.empty()
        : Stream.of("--samples", "--temperature", "--sampling-seed")
            .filter(said::hasMatchedOption)
            .findFirst()
            .map(option -> option + " goes with --answers sampled");
  }

  private SamplingRequest sampling() {
    try {
      return new SamplingRequest(
          samples, scoring.request(perToken).maxTokens(), temperature, samplingSeed);
    } catch (IllegalArgumentException e) {
      throw new WrongUsage(e.getMessage());
    }
  }

  private SampleRunner.Watch.Outcome run(
      SampleSource source,
      ScoringBackend.Session session,
      RunJournal journal,
      Interrupts interrupts,
      Crew crew) {
    int done = journal.recorded().size();
    try (Progress.Watch progress =
        Progress.watch(environment, interrupts, "score", RESUME, done, source.size())) {
      return new SampleRunner(source, session, session.groupSize(), crew).run(journal, progress);
    }
  }

  private int exitCode(SampleRunner.Watch.Outcome outcome, Interrupts interrupts) {
    if (!outcome.complete()) {
      environment
          .err()
          .println("hbar: " + Progress.interrupted(outcome.done(), outcome.total(), RESUME));
      return interrupts.exitCode();
    }
    environment
        .out()
        .printf(
            "%s samples in %s, %s failed%s%n",
            outcome.done(),
            out,
            outcome.failed(),
            outcome.resumed() == 0 ? "" : ", " + outcome.resumed() + " from an earlier run");
    if (outcome.failed() == outcome.total()) {
      throw new CommandException(
          "every sample failed; the reasons are in the \"error\" fields of " + out);
    }
    return ExitCodes.OK;
  }

  private static void requireFolder(Path out) {
    Path folder = out.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new CommandException("the folder of " + out + " does not exist; create it first");
    }
  }

  /** Whose tokens are measured. */
  enum Answers {
    GENERATED,
    GIVEN,
    SAMPLED;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** How samples are scored, whichever they are. */
  static final class Scoring {
    @Option(
        names = "--max-tokens",
        defaultValue = "20",
        paramLabel = "N",
        description = "Most tokens generated per sample (default: ${DEFAULT-VALUE}).")
    private int maxTokens;

    @Option(
        names = "--alpha",
        defaultValue = "" + Signal.ALPHA,
        paramLabel = "A",
        description = "Weight of the hidden drift in PRI (default: ${DEFAULT-VALUE}).")
    private double alpha;

    @Option(
        names = "--drift-layers",
        split = ",",
        paramLabel = "I",
        description = "Also measure the hidden drift of these blocks (from 0), for instance 9,19.")
    private List<Integer> driftLayers = List.of();

    @Option(
        names = "--batch",
        defaultValue = "auto",
        converter = GroupSize.class,
        paramLabel = "N|auto",
        description = "Samples computed together (default: ${DEFAULT-VALUE}).")
    private OptionalInt groupSize = OptionalInt.empty();

    @Mixin private CheckpointArgument.Rope rope = new CheckpointArgument.Rope();

    /** The first value that makes no sense, if any. */
    Optional<String> problem() {
      if (maxTokens < 1) {
        return Optional.of("--max-tokens must be at least 1");
      }
      return Double.isFinite(alpha) && alpha >= 0
          ? Optional.empty()
          : Optional.of("--alpha must be a number from 0");
    }

    ScoringRequest request(boolean perToken) {
      return new ScoringRequest(maxTokens, alpha, perToken, groupSize, driftLayers, rope.reference);
    }

    /** Reads {@code auto} (empty) or a positive number of samples. */
    static final class GroupSize implements ITypeConverter<OptionalInt> {
      @Override
      public OptionalInt convert(String text) {
        if (text.equals("auto")) {
          return OptionalInt.empty();
        }
        if (text.matches("[1-9]\\d{0,3}")) {
          return OptionalInt.of(Integer.parseInt(text));
        }
        throw new TypeConversionException(
            "'" + text + "' is neither auto nor a number from 1 to 9999");
      }
    }
  }
}
