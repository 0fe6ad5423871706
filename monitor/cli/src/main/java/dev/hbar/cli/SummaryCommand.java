package dev.hbar.cli;

import dev.hbar.study.evidence.Evidence;
import dev.hbar.study.evidence.EvidenceAnalysis;
import dev.hbar.study.report.ScorePlot;
import dev.hbar.study.report.ScoreTable;
import dev.hbar.study.report.ScoreTableJson;
import dev.hbar.study.scores.ScoreColumns;
import dev.hbar.study.scores.ScoreInput;
import dev.hbar.study.statistics.Bootstrap;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code hbar summary}: what a score file says, without a model. */
@Command(
    name = "summary",
    mixinStandardHelpOptions = true,
    description = "Show what a score file says: means, AUROC with interval, verdict, plot.",
    footer = {"", "Example:", "  hbar summary scores.jsonl --plot scores.png"})
final class SummaryCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      paramLabel = "FILE",
      description = "A score file made by hbar score, or a published JSON with scores.")
  private Path file = Path.of("");

  @Option(
      names = "--plot",
      paramLabel = "FILE.png|svg|pdf",
      description = "Also draw the distributions.")
  private Optional<Path> plot = Optional.empty();

  @Option(names = "--json", description = "Print JSON instead of a table.")
  private boolean json;

  @ArgGroup private SummaryView view = new SummaryView();
  @Mixin private BootstrapOptions bootstrap = new BootstrapOptions();

  @Override
  public Integer call() {
    WrongUsage.refuse(spec, bootstrap.problem());
    if (view.chosen()) {
      spec.commandLine().getOut().print(view.of(file, bootstrap.settings(), json));
      spec.commandLine().getOut().flush();
      return ExitCodes.OK;
    }
    ScoreColumns columns = ScoreInput.read(file);
    Optional<Evidence> evidence = evidence(columns);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(ScoreTableJson.json(columns, evidence));
    } else {
      out.print(ScoreTable.text(columns, evidence));
    }
    out.flush();
    plot.ifPresent(png -> draw(columns, evidence, png));
    return ExitCodes.OK;
  }

  private Optional<Evidence> evidence(ScoreColumns columns) {
    return columns.count(0) > 0 && columns.count(1) > 0
        ? Optional.of(
            new EvidenceAnalysis(columns, Map.of(), Bootstrap.Settings.NO_BOOTSTRAP).run())
        : Optional.empty();
  }

  private void draw(ScoreColumns columns, Optional<Evidence> evidence, Path png) {
    ScorePlot.write(columns, evidence, png);
    // With --json stdout is one JSON document, so the path goes to stderr.
    PrintWriter target = json ? spec.commandLine().getErr() : spec.commandLine().getOut();
    target.println("plot: " + png.toAbsolutePath().normalize());
  }
}
