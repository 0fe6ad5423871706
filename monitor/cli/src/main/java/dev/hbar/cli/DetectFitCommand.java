package dev.hbar.cli;

import dev.hbar.study.detect.DetectionData;
import dev.hbar.study.detect.DetectorFit;
import dev.hbar.study.detect.DetectorFolder;
import dev.hbar.study.detect.FitRequest;
import dev.hbar.study.detect.Kind;
import dev.hbar.study.report.DetectionText;
import dev.hbar.study.scores.ResultFile;
import dev.hbar.study.states.Position;
import dev.hbar.study.states.StatesFolder;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code hbar detect fit}: a detector and its held-out figures. */
@Command(
    name = "fit",
    mixinStandardHelpOptions = true,
    description = {
      "Fit a detector; block and regularization are chosen inside each fold.",
      "",
      "Prints its held-out figures beside what needs no model: length, ending, overlap with the",
      "context, a bag of embeddings; and what the same procedure finds in permuted labels.",
      ""
    },
    footer = {
      "",
      "Example:",
      "  hbar detect fit --states dialogue-states --kind probe --out dialogue-detector"
    })
final class DetectFitCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--states",
      required = true,
      paramLabel = "DIR",
      description = "A folder made by hbar states.")
  private Path states = Path.of("");

  @Option(
      names = "--kind",
      defaultValue = "probe",
      paramLabel = "KIND",
      description = "probe, direction, signals or mahalanobis (default: ${DEFAULT-VALUE}).")
  private String kind = "probe";

  @Option(
      names = "--position",
      defaultValue = "mean-answer",
      paramLabel = "POSITION",
      description = "last-prompt, last-answer or mean-answer (default: ${DEFAULT-VALUE}).")
  private String position = "mean-answer";

  @Option(
      names = "--layer",
      defaultValue = "auto",
      paramLabel = "N|auto",
      description = "The block, or auto: chosen inside each fold (default: ${DEFAULT-VALUE}).")
  private String layer = "auto";

  @Option(
      names = "--matched",
      description = "Only pairs with the same last character and lengths within 10 %%.")
  private boolean matched;

  @Option(
      names = "--folds",
      defaultValue = "5",
      paramLabel = "N",
      description = "Outer folds, by record (default: ${DEFAULT-VALUE}).")
  private int folds;

  @Option(
      names = "--seed",
      defaultValue = "42",
      paramLabel = "N",
      description = "Of folds and controls (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--permutations",
      defaultValue = "3",
      paramLabel = "N",
      description = "Repetitions of the permuted-label control (default: ${DEFAULT-VALUE}).")
  private int permutations;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DETECTOR",
      description = "The folder that gets detector.json and detector.safetensors.")
  private Path out = Path.of("");

  @Option(names = "--json", description = "Print the detector's JSON instead of tables.")
  private boolean json;

  @Override
  public Integer call() {
    FitRequest request = request();
    PrintWriter err = spec.commandLine().getErr();
    DetectionData data = DetectionData.of(StatesFolder.open(states));
    DetectorFit fit = DetectorFit.run(data, request, line -> progress(err, line));
    DetectorFolder.write(out, fit);
    PrintWriter stdout = spec.commandLine().getOut();
    stdout.print(json ? ResultFile.json(fit.report()) : DetectionText.of(fit.report()));
    stdout.flush();
    return ExitCodes.OK;
  }

  private static void progress(PrintWriter err, String line) {
    err.println("fit: " + line);
    err.flush();
  }

  private FitRequest request() {
    try {
      Position where = Position.of(position);
      if (where == Position.ANSWER) {
        throw new IllegalArgumentException("--position answer has many rows; give mean-answer");
      }
      if (folds < 2 || permutations < 0) {
        throw new IllegalArgumentException("--folds must be at least 2, --permutations at least 0");
      }
      OptionalInt block =
          layer.equals("auto") ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(layer));
      return new FitRequest(Kind.of(kind), where, block, matched, folds, seed, permutations);
    } catch (NumberFormatException e) {
      throw new ParameterException(
          spec.commandLine(), "--layer is the number of a block or auto, not " + layer);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    }
  }
}
