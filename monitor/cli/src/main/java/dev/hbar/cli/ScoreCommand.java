package dev.hbar.cli;

import dev.hbar.study.dataset.SampleSource;
import dev.hbar.study.scores.RunJournal;
import dev.hbar.study.scoring.RunOutcome;
import dev.hbar.study.scoring.SampleRunner;
import dev.hbar.study.scoring.ScoringBackend;
import dev.hbar.study.scoring.ScoringSession;
import dev.hbar.study.states.GivenBackend;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

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
      "Stop it at any moment; the same command goes on where it was."
    })
final class ScoreCommand implements Callable<Integer> {
  private final ScoringBackend backend;
  private final Terminal terminal;
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private ScoreOptions options = new ScoreOptions();

  @Mixin private AdapterOption adapter = new AdapterOption();

  @Parameters(paramLabel = "CHECKPOINT", description = "A folder, or ORG/NAME[@REVISION].")
  private String checkpoint = "";

  ScoreCommand(ScoringBackend backend, Terminal terminal) {
    this.backend = backend;
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    WrongUsage.refuse(spec, options.problem());
    requireFolder(options.out);
    SampleSource samples = options.samples();
    try (Interrupts interrupts = Interrupts.install(System.err);
        ScoringSession session = chosen().open(adapter.on(checkpoint), options.request());
        RunJournal journal =
            RunJournal.open(options.out, options.request().header(session, samples.origin()))) {
      spec.commandLine()
          .getErr()
          .printf(
              "model %s (%s), memory plan %s%n",
              session.checkpointName(), session.compute(), session.memory());
      return exitCode(run(samples, session, journal, interrupts), interrupts);
    }
  }

  private ScoringBackend chosen() {
    return options.given() ? new GivenBackend(System.getenv()) : backend;
  }

  private RunOutcome run(
      SampleSource samples, ScoringSession session, RunJournal journal, Interrupts interrupts) {
    int done = journal.recorded().size();
    try (Progress progress =
        Progress.open(terminal, System.err, "score", "samples", done, samples.size())) {
      return new SampleRunner(samples, session, session.groupSize())
          .run(journal, new ProgressWatch(progress, interrupts));
    }
  }

  private int exitCode(RunOutcome outcome, Interrupts interrupts) {
    if (!outcome.complete()) {
      PrintWriter err = spec.commandLine().getErr();
      err.printf(
          "hbar: interrupted after %s of %s samples; run the same command again to go on%n",
          outcome.done(), outcome.total());
      return interrupts.exitCode();
    }
    spec.commandLine()
        .getOut()
        .printf(
            "%s samples in %s, %s failed%s%n",
            outcome.done(),
            options.out,
            outcome.failed(),
            outcome.resumed() == 0 ? "" : ", " + outcome.resumed() + " from an earlier run");
    if (outcome.failed() == outcome.total()) {
      throw new CommandException(
          "every sample failed; the reasons are in the \"error\" fields of " + options.out);
    }
    return ExitCodes.OK;
  }

  private static void requireFolder(Path out) {
    Path folder = out.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new CommandException("the folder of " + out + " does not exist; create it first");
    }
  }
}
