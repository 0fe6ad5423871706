package dev.hbar.cli;

import dev.hbar.study.dataset.SampleSource;
import dev.hbar.study.scores.RunJournal;
import dev.hbar.study.scoring.SampleRunner;
import dev.hbar.study.scoring.ScoringBackend;
import dev.hbar.study.states.GivenBackend;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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
      "",
      "Stop it at any time; the same command resumes where it stopped."
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

  @Mixin private ScoringOptions scoring = new ScoringOptions();

  @Option(
      names = "--answers",
      defaultValue = "generated",
      paramLabel = "generated|given",
      description =
          "Whose tokens are measured: those that the model generates after the question, or those "
              + "of the answer in the data (default: ${DEFAULT-VALUE}).")
  private Answers answers = Answers.GENERATED;

  ScoreCommand(Environment environment, ScoringBackend backend) {
    this.environment = environment;
    this.checkpoint = new CheckpointArgument(environment);
    this.backend = backend;
  }

  @Override
  public Integer call() {
    WrongUsage.refuse(selection.problem().or(scoring::problem));
    requireFolder(out);
    SampleSource samples = selection.samples();
    try (Interrupts interrupts = Interrupts.installAtOnce(environment.err());
        ScoringBackend.Session session =
            chosen().open(checkpoint.name(), scoring.request(perToken));
        RunJournal journal =
            RunJournal.open(out, scoring.request(perToken).header(session, samples.origin()))) {
      CheckpointArgument.announce(
          environment,
          session.note(),
          session.checkpointName(),
          session.compute(),
          session.memory());
      return exitCode(run(samples, session, journal, interrupts), interrupts);
    }
  }

  private ScoringBackend chosen() {
    return answers == Answers.GIVEN ? new GivenBackend(environment.variables()) : backend;
  }

  private SampleRunner.Watch.Outcome run(
      SampleSource samples,
      ScoringBackend.Session session,
      RunJournal journal,
      Interrupts interrupts) {
    int done = journal.recorded().size();
    try (Progress.Watch progress =
        Progress.watch(environment, interrupts, "score", RESUME, done, samples.size())) {
      return new SampleRunner(samples, session, session.groupSize()).run(journal, progress);
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
    GIVEN;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
