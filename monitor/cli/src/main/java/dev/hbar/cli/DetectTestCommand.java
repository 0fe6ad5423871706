package dev.hbar.cli;

import dev.hbar.study.detect.DetectionData;
import dev.hbar.study.detect.DetectorTrial;
import dev.hbar.study.report.DetectionText;
import dev.hbar.study.scores.ResultFile;
import dev.hbar.study.states.StatesFolder;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code hbar detect test}: a detector on other samples, with its controls. */
@Command(
    name = "test",
    mixinStandardHelpOptions = true,
    description = {
      "Test a detector on a states folder, per task, beside the surface baselines.",
      "Samples that it was fitted on get their held-out scores."
    },
    footer = {
      "",
      "Example:",
      "  hbar detect test --detector dialogue-detector --states other-states --matched"
    })
final class DetectTestCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--detector",
      required = true,
      paramLabel = "DETECTOR",
      description = "A folder made by hbar detect fit.")
  private Path detector = Path.of("");

  @Option(
      names = "--states",
      required = true,
      paramLabel = "DIR",
      description = "A folder made by hbar states with the same checkpoint.")
  private Path states = Path.of("");

  @Option(
      names = "--matched",
      description = "Only pairs with the same last character and lengths within 10 %%.")
  private boolean matched;

  @Option(names = "--json", description = "Print JSON instead of tables.")
  private boolean json;

  @Override
  public Integer call() {
    DetectionData data = DetectionData.of(StatesFolder.open(states));
    DetectorTrial trial =
        DetectorTrial.run(
            detector, data, matched, line -> spec.commandLine().getErr().println("test: " + line));
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.print(ResultFile.json(trial.sections()));
    } else {
      out.print(
          String.format(
              Locale.ROOT,
              "%s on %s, %s; %s of %s samples were fitted on and have held-out scores%n",
              trial.detector().kind(),
              trial.detector().point(),
              trial.detector().position(),
              trial.seen(),
              data.labels().length));
      out.print(DetectionText.sections(trial.sections()));
    }
    out.flush();
    return ExitCodes.OK;
  }
}
