package dev.hbar.cli;

import dev.hbar.study.report.SweepTable;
import dev.hbar.study.report.page.StudyReport;
import dev.hbar.study.scores.ResultFile;
import dev.hbar.study.scoring.ScoringBackend;
import dev.hbar.study.statistics.Bootstrap;
import dev.hbar.study.sweep.StudyFolderException;
import dev.hbar.study.sweep.Sweep;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code hbar sweep}: the whole study over several checkpoints. */
@Command(
    name = "sweep",
    mixinStandardHelpOptions = true,
    description = "Score, calibrate, validate several checkpoints one by one; write a report.",
    footer = {
      "",
      "Example:",
      "  hbar sweep .hbar/models/SmolLM2-135M-Instruct-4bit \\",
      "    --data .hbar/data/halueval --calibrate 20 --validate 40 --out sweep",
      "",
      "Stop it at any moment; the same command with --resume goes on where it was."
    })
final class SweepCommand implements Callable<Integer> {
  private final ScoringBackend backend;
  private final Terminal terminal;
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private SweepOptions options = new SweepOptions();

  @Parameters(
      arity = "1..*",
      paramLabel = "CHECKPOINT",
      description = "Folders, or ORG/NAME[@REVISION].")
  private List<String> checkpoints = List.of();

  @Option(names = "--json", description = "Print the summary as JSON.")
  private boolean json;

  SweepCommand(ScoringBackend backend, Terminal terminal) {
    this.backend = backend;
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    WrongUsage.refuse(spec, options.problem());
    Sweep sweep = new Sweep(backend, options.plan(checkpoints), options.resume());
    try (Interrupts interrupts = Interrupts.install(System.err)) {
      List<Sweep.Result> results = run(sweep, interrupts);
      print(results);
      if (results.size() < checkpoints.size()) {
        spec.commandLine()
            .getErr()
            .printf(
                "hbar: interrupted after %s of %s samples; the same command with --resume goes"
                    + " on%n",
                sweep.recorded(), sweep.total());
        return interrupts.exitCode();
      }
      if (results.stream().anyMatch(Sweep.Result.Finished.class::isInstance)) {
        report();
      }
      return exitCode(results);
    }
  }

  private List<Sweep.Result> run(Sweep sweep, Interrupts interrupts) {
    try (SweepProgress progress =
        new SweepProgress(terminal, System.err, interrupts, sweep.recorded(), sweep.total())) {
      return sweep.run(progress);
    }
  }

  private void print(List<Sweep.Result> results) {
    PrintWriter out = spec.commandLine().getOut();
    out.print(json ? ResultFile.json(SweepTable.rows(results)) : SweepTable.text(results));
    out.flush();
  }

  private void report() {
    Path page = options.out().resolve("report.html");
    StudyReport report;
    try {
      report = StudyReport.of(options.out(), Bootstrap.Settings.DEFAULT);
    } catch (StudyFolderException noModel) {
      // With a larger --max-failures a sweep takes what a report does not.
      spec.commandLine().getErr().println("no report: " + noModel.getMessage());
      return;
    }
    report.write(page);
    // With --json stdout is one JSON document, so the path goes to stderr.
    PrintWriter target = json ? spec.commandLine().getErr() : spec.commandLine().getOut();
    target.println("report: " + page.toAbsolutePath().normalize());
    target.flush();
  }

  private static int exitCode(List<Sweep.Result> results) {
    List<Sweep.Result.Failed> failed =
        results.stream()
            .filter(Sweep.Result.Failed.class::isInstance)
            .map(Sweep.Result.Failed.class::cast)
            .toList();
    if (!failed.isEmpty()) {
      String reasons =
          failed.stream()
              .map(each -> each.name() + " (" + each.reason() + ")")
              .collect(Collectors.joining("; "));
      throw new CommandException(
          "%s of %s checkpoints failed: %s".formatted(failed.size(), results.size(), reasons));
    }
    return ExitCodes.OK;
  }
}
