package dev.hbar.cli;

import dev.hbar.study.detect.DetectionData;
import dev.hbar.study.detect.DetectorKind;
import dev.hbar.study.detect.LayerProfile;
import dev.hbar.study.report.DetectionText;
import dev.hbar.study.scores.ResultFile;
import dev.hbar.study.states.StatePosition;
import dev.hbar.study.states.StatesFolder;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code hbar detect profile}: what each block knows. */
@Command(
    name = "profile",
    mixinStandardHelpOptions = true,
    description = {
      "Fit one detector per block: held-out AUROC by depth, beside surface, bag of embeddings and",
      "permuted labels. The best block of it was chosen by its figure; detect fit chooses inside",
      "the folds.",
      ""
    },
    footer = {
      "",
      "Example:",
      "  hbar detect profile --states dialogue-states --kind direction --plot profile.svg"
    })
final class ProfileCommand implements Callable<Integer> {
  private final Environment environment;

  @Option(
      names = "--states",
      required = true,
      paramLabel = "DIR",
      description = "A folder made by hbar states.")
  private Path states = Path.of("");

  @Option(
      names = "--kind",
      defaultValue = "direction",
      paramLabel = "KIND",
      description = "probe, direction or mahalanobis (default: ${DEFAULT-VALUE}).")
  private DetectorKind kind = DetectorKind.DIRECTION;

  @Option(
      names = "--position",
      defaultValue = "mean-answer",
      paramLabel = "POSITION",
      description = "last-prompt, last-answer or mean-answer (default: ${DEFAULT-VALUE}).")
  private StatePosition position = StatePosition.MEAN_ANSWER;

  @Option(
      names = "--matched",
      description = "Only pairs with the same last character and lengths within 10 %%.")
  private boolean matched;

  @Option(names = "--plot", paramLabel = "FILE.png|svg|pdf", description = "Also draw it.")
  private Optional<Path> plot = Optional.empty();

  @Mixin private final Output output;

  ProfileCommand(Environment environment) {
    this.environment = environment;
    this.output = new Output(environment);
  }

  @Override
  public Integer call() {
    if (position == StatePosition.ANSWER) {
      throw new WrongUsage("--position answer has many rows; give mean-answer");
    }
    LayerProfile profile =
        LayerProfile.run(
            DetectionData.of(StatesFolder.open(states)),
            kind,
            position,
            matched,
            line -> {
              environment.err().println("profile: " + line);
              environment.err().flush();
            });
    output.print(() -> ResultFile.json(profile), () -> DetectionText.profile(profile));
    plot.ifPresent(
        file -> {
          profile.write(file);
          output.beside().println("plot: " + file.toAbsolutePath().normalize());
        });
    return ExitCodes.OK;
  }
}
