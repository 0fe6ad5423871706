package dev.hbar.cli;

import dev.hbar.study.report.page.StudyReport;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hbar report}: tables and pictures of a study from its saved scores. */
@Command(
    name = "report",
    mixinStandardHelpOptions = true,
    description = "Write tables and pictures of a study from its saved scores; needs no model.",
    footer = {"", "Example:", "  hbar report sweep/ --out report.html"})
final class ReportCommand implements Callable<Integer> {
  private final Environment environment;

  @Parameters(
      paramLabel = "DIR",
      description = "What hbar sweep wrote, or a folder of score files.")
  private Path folder = Path.of("");

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE.html",
      description = "The page; pictures and tables go into a folder beside it.")
  private Path out = Path.of("");

  @Mixin private EvidenceOptions.Resampling bootstrap = new EvidenceOptions.Resampling();

  ReportCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    WrongUsage.refuse(bootstrap.problem());
    StudyReport report = Working.on(environment, "report", this::written);
    PrintWriter target = environment.out();
    target.println(
        "report on %s %s: %s"
            .formatted(report.models(), report.models() == 1 ? "model" : "models", absolute(out)));
    target.println("pictures and tables: " + absolute(StudyReport.files(out)));
    target.flush();
    return ExitCodes.OK;
  }

  private StudyReport written() {
    StudyReport report = StudyReport.of(folder, bootstrap.settings());
    report.write(out);
    return report;
  }

  private static Path absolute(Path path) {
    return path.toAbsolutePath().normalize();
  }
}
