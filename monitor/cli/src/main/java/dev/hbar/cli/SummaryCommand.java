package dev.hbar.cli;

import dev.hbar.study.evidence.ScoreSummary;
import dev.hbar.study.report.ScorePlot;
import dev.hbar.study.report.ScoreTable;
import dev.hbar.study.report.ScoreTableJson;
import dev.hbar.study.scores.ScoreFile;
import java.io.PrintWriter;
import java.nio.file.Path;
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

  @Parameters(paramLabel = "FILE.jsonl", description = "A score file made by hbar score.")
  private Path file = Path.of("");

  @Option(names = "--plot", paramLabel = "FILE.png", description = "Also draw the distributions.")
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
    ScoreFile scores = ScoreFile.read(file);
    ScoreSummary summary = ScoreSummary.of(scores);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(ScoreTableJson.json(summary));
    } else {
      out.print(ScoreTable.text(summary));
    }
    out.flush();
    plot.ifPresent(png -> draw(scores, png));
    return ExitCodes.OK;
  }

  private void draw(ScoreFile scores, Path png) {
    ScorePlot.write(scores, png);
    // With --json stdout is one JSON document, so the path goes to stderr.
    PrintWriter target = json ? spec.commandLine().getErr() : spec.commandLine().getOut();
    target.println("plot: " + png.toAbsolutePath().normalize());
  }
}
