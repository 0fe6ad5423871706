package dev.hbar.cli;

import dev.hbar.study.detect.DetectionData;
import dev.hbar.study.detect.DetectorKind;
import dev.hbar.study.detect.DetectorsOnData;
import dev.hbar.study.detect.LayerProfile;
import dev.hbar.study.report.page.DetectorPage;
import dev.hbar.study.report.page.StudyReport;
import dev.hbar.study.states.StatePosition;
import dev.hbar.study.states.StatesFolder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code hbar detect report}: detectors and controls on one page. */
@Command(
    name = "report",
    mixinStandardHelpOptions = true,
    description = {
      "Write one page: detectors and controls side by side, ROC, selective answering with what can "
          + "be promised, transfer.",
      ""
    },
    footer = {
      "",
      "Example:",
      "  hbar detect report --detector dialogue-detector --states dialogue-states \\",
      "    --profile --out detectors.html"
    })
final class DetectReportCommand implements Callable<Integer> {
  private final Environment environment;

  @Mixin private final StatesOptions.Tested tested = new StatesOptions.Tested();

  @Option(
      names = "--profile",
      description = "Also fit a detector of kind direction on every block: minutes per folder.")
  private boolean profile;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE.html",
      description = "The page; pictures and tables go into a folder beside it.")
  private Path out = Path.of("");

  DetectReportCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    CommandException.requirePlace(out);
    Consumer<String> progress = StatesOptions.progress(environment, "report");
    List<DetectorsOnData> all = new ArrayList<>();
    List<LayerProfile> profiles = new ArrayList<>();
    for (Path folder : tested.states()) {
      DetectionData data = DetectionData.of(StatesFolder.open(folder));
      all.add(DetectorsOnData.run(tested.detectors(), data, progress));
      if (profile) {
        profiles.add(
            LayerProfile.run(
                data, DetectorKind.DIRECTION, StatePosition.MEAN_ANSWER, false, progress));
      }
    }
    new DetectorPage(all, profiles, command()).write(out);
    environment.out().println("detectors: " + out.toAbsolutePath().normalize());
    Path files = StudyReport.files(out).toAbsolutePath().normalize();
    environment.out().println("pictures and tables: " + files);
    environment.out().flush();
    return ExitCodes.OK;
  }

  /** Without the machine's paths. */
  private String command() {
    StringBuilder words = new StringBuilder("hbar detect report");
    tested.detectors().forEach(folder -> words.append(" --detector ").append(folder.getFileName()));
    tested.states().forEach(folder -> words.append(" --states ").append(folder.getFileName()));
    return words.append(profile ? " --profile" : "").append(" --out page.html").toString();
  }
}
