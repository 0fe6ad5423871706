package dev.hbar.cli;

import dev.hbar.study.detect.TransferMatrix;
import dev.hbar.study.report.DetectionText;
import dev.hbar.study.scores.ResultFile;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code hbar detect transfer}: fit on A, test on B. */
@Command(
    name = "transfer",
    mixinStandardHelpOptions = true,
    description = {
      "Test every detector on every states folder: what one learns on a task, does it hold on "
          + "others?",
      "",
      "A cell with * has answers that the detector was fitted on; those have their held-out "
          + "scores. The last row needs no model: length, ending and overlap, fitted on the "
          + "column itself.",
      ""
    },
    footer = {
      "",
      "Example:",
      "  hbar detect transfer --detector qa-detector --detector dialogue-detector \\",
      "    --states qa-states --states dialogue-states --matched --plot transfer.svg"
    })
final class TransferCommand implements Callable<Integer> {
  private static final int MARGIN = 420;
  private static final int CELL_WIDTH = 170;
  private static final int CELL_HEIGHT = 70;

  private final Environment environment;

  @Mixin private final StatesOptions.Tested tested = new StatesOptions.Tested();

  @Option(
      names = "--matched",
      description = "Only pairs with the same last character and lengths within 10 %%.")
  private boolean matched;

  @Option(
      names = "--plot",
      paramLabel = "FILE.png|svg|pdf",
      description = "Also draw the matrix as a heat map.")
  private Optional<Path> plot = Optional.empty();

  @Mixin private final Output output;

  TransferCommand(Environment environment) {
    this.environment = environment;
    this.output = new Output(environment);
  }

  @Override
  public Integer call() {
    plot.ifPresent(CommandException::requirePlace);
    TransferMatrix matrix =
        TransferMatrix.run(
            tested.detectors(),
            tested.states(),
            matched,
            StatesOptions.progress(environment, "transfer"));
    output.print(() -> ResultFile.json(matrix), () -> DetectionText.transfer(matrix));
    plot.ifPresent(
        file -> {
          int width = MARGIN + CELL_WIDTH * matrix.columns().size();
          int height = MARGIN / 2 + CELL_HEIGHT * matrix.rows().size();
          matrix.chart().write(file, 0, 1, "0.00", width, height);
          output.beside().println("plot: " + file.toAbsolutePath().normalize());
        });
    return ExitCodes.OK;
  }
}
