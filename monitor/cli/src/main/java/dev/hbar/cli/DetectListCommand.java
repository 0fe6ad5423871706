package dev.hbar.cli;

import dev.hbar.study.detect.DetectorFolder;
import dev.hbar.study.detect.DetectorReport;
import dev.hbar.study.detect.Section;
import dev.hbar.study.report.TextTable;
import dev.hbar.study.scores.ResultFile;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code hbar detect list}: the detectors below a folder. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "List the detectors below a folder, with what they are worth.",
    footer = {"", "Example:", "  hbar detect list calibrated_params"})
final class DetectListCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "DIR", description = "The folder.")
  private Path folder = Path.of("");

  @Option(names = "--json", description = "Print the detectors' JSON as one list.")
  private boolean json;

  @Override
  public Integer call() {
    List<Path> folders = DetectorFolder.list(folder);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.print(ResultFile.json(folders.stream().map(DetectorFolder::report).toList()));
    } else if (folders.isEmpty()) {
      out.println("no detector below " + folder);
    } else {
      out.print(table(folders));
    }
    out.flush();
    return ExitCodes.OK;
  }

  private static String table(List<Path> folders) {
    TextTable table = new TextTable();
    table.add("detector", "kind", "point", "checkpoint", "task", "AUROC", "verdict");
    for (Path one : folders) {
      DetectorReport report = DetectorFolder.report(one);
      for (Section section : report.sections()) {
        table.add(
            one.toString(),
            report.kind(),
            report.point(),
            report.checkpoint(),
            section.task() + ", " + section.subset(),
            String.format(Locale.ROOT, "%.3f", section.figures().getFirst().auroc()),
            section.verdict());
      }
    }
    return table.render();
  }
}
