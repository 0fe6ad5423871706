package dev.hbar.cli;

import dev.hbar.study.detect.DetectorKind;
import dev.hbar.study.detect.LayerProfile;
import dev.hbar.study.report.DetectionText;
import dev.hbar.study.scores.ResultFile;
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
      "Fit one detector per block: held-out AUROC by depth, beside surface, bag of embeddings and "
          + "permuted labels.",
      "",
      "The best block of it was chosen by its figure; detect fit chooses inside the folds.",
      ""
    },
    footer = {
      "",
      "Example:",
      "  hbar detect profile --states dialogue-states --kind direction \\",
      "    --plot profile.svg"
    })
final class ProfileCommand implements Callable<Integer> {
  private final Environment environment;

  @Mixin private final StatesOptions states = new StatesOptions();
  @Mixin private final StatesOptions.Position position = new StatesOptions.Position();

  @Option(
      names = "--kind",
      defaultValue = "direction",
      paramLabel = "KIND",
      description = "probe, direction or mahalanobis (default: ${DEFAULT-VALUE}).")
  private DetectorKind kind = DetectorKind.DIRECTION;

  @Option(names = "--plot", paramLabel = "FILE.png|svg|pdf", description = "Also draw it.")
  private Optional<Path> plot = Optional.empty();

  @Mixin private final Output output;

  ProfileCommand(Environment environment) {
    this.environment = environment;
    this.output = new Output(environment);
  }

  @Override
  public Integer call() {
    plot.ifPresent(CommandException::requirePlace);
    LayerProfile profile =
        LayerProfile.run(
            states.data(),
            kind,
            position.one(),
            states.matched(),
            StatesOptions.progress(environment, "profile"));
    output.print(() -> ResultFile.json(profile), () -> DetectionText.profile(profile));
    plot.ifPresent(
        file -> {
          profile.write(file);
          output.beside().println("plot: " + file.toAbsolutePath().normalize());
        });
    return ExitCodes.OK;
  }
}
