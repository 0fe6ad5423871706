package dev.hbar.cli;

import dev.hbar.study.detect.DetectionData;
import dev.hbar.study.detect.DetectorFit;
import dev.hbar.study.detect.DetectorFolder;
import dev.hbar.study.detect.DetectorKind;
import dev.hbar.study.detect.DetectorReport;
import dev.hbar.study.detect.DetectorTrial;
import dev.hbar.study.detect.TaskAssessment;
import dev.hbar.study.report.DetectionText;
import dev.hbar.study.report.TextTable;
import dev.hbar.study.scores.ResultFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hbar detect}: fit, test, compare and list detectors. */
@Command(
    name = "detect",
    mixinStandardHelpOptions = true,
    description = "Fit detectors on the states of given answers and test what they are worth.",
    footer = {
      "",
      "Example:",
      "  hbar detect power --promise 0.2 --wrong 0.1",
      "  hbar detect fit --states dialogue-states --out dialogue-detector",
      "  hbar detect test --detector dialogue-detector --states other-states --matched",
      "  hbar detect list calibrated_params"
    })
final class DetectCommand implements Runnable {
  private final Environment environment;

  DetectCommand(Environment environment) {
    this.environment = environment;
  }

  /** With its subcommands. */
  CommandLine line() {
    return new CommandLine(this)
        .addSubcommand(new FitCommand(environment))
        .addSubcommand(new TestCommand(environment))
        .addSubcommand(new TransferCommand(environment))
        .addSubcommand(new ProfileCommand(environment))
        .addSubcommand(new DetectReportCommand(environment))
        .addSubcommand(new PowerCommand(environment))
        .addSubcommand(new ListCommand(environment));
  }

  @Override
  public void run() {
    throw new WrongUsage("give one of fit, test, transfer, profile, report, power, list");
  }

  /** {@code hbar detect list}: the detectors below a folder. */
  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "List the detectors below a folder, with what they are worth.",
      footer = {"", "Example:", "  hbar detect list calibrated_params"})
  static final class ListCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DIR", description = "The folder.")
    private Path folder = Path.of("");

    @Mixin private final Output output;

    ListCommand(Environment environment) {
      this.output = new Output(environment);
    }

    @Override
    public Integer call() {
      List<DetectorFolder> folders = DetectorFolder.list(folder);
      output.print(
          () -> ResultFile.json(folders.stream().map(DetectorFolder::report).toList()),
          () -> folders.isEmpty() ? "no detector below " + folder : table(folders));
      return ExitCodes.OK;
    }

    private static String table(List<DetectorFolder> folders) {
      TextTable table = new TextTable();
      table.add("detector", "kind", "point", "checkpoint", "task", "AUROC", "verdict");
      for (DetectorFolder one : folders) {
        DetectorReport report = one.report();
        for (TaskAssessment section : report.sections()) {
          table.add(
              one.path().toString(),
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

  /** {@code hbar detect fit}: a detector and its held-out figures. */
  @Command(
      name = "fit",
      mixinStandardHelpOptions = true,
      description = {
        "Fit a detector; block and regularization are chosen inside each fold.",
        "",
        "Prints its held-out figures beside what needs no model: length, ending, overlap with the "
            + "context, a bag of embeddings; and what the same procedure finds in permuted labels.",
        ""
      },
      footer = {
        "",
        "Example:",
        "  hbar detect fit --states dialogue-states --kind probe --out dialogue-detector"
      })
  static final class FitCommand implements Callable<Integer> {
    private final Environment environment;

    @Mixin private final StatesOptions states = new StatesOptions();
    @Mixin private final StatesOptions.Position position = new StatesOptions.Position();

    @Option(
        names = "--kind",
        defaultValue = "probe",
        paramLabel = "KIND",
        description =
            "probe, direction, mahalanobis (on a block's states), signals, lookback, icr (on states "
                + "folders that have them, see hbar states --points) (default: ${DEFAULT-VALUE}).")
    private DetectorKind kind = DetectorKind.PROBE;

    @Option(
        names = "--layer",
        defaultValue = "auto",
        paramLabel = "N|auto",
        description = "The block, or auto: chosen inside each fold (default: ${DEFAULT-VALUE}).")
    private String layer = "auto";

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
        description = "Seed of folds and controls (default: ${DEFAULT-VALUE}).")
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

    @Mixin private final Output output;

    FitCommand(Environment environment) {
      this.environment = environment;
      this.output = new Output(environment);
    }

    @Override
    public Integer call() {
      DetectorFit.Request request = request();
      DetectorFolder folder = new DetectorFolder(out);
      folder.requirePlace();
      DetectorFit fit =
          DetectorFit.run(states.data(), request, StatesOptions.progress(environment, "fit"));
      folder.write(fit);
      output.print(() -> ResultFile.json(fit.report()), () -> DetectionText.of(fit.report()));
      return ExitCodes.OK;
    }

    private DetectorFit.Request request() {
      try {
        if (folds < 2 || folds > 100 || permutations < 0 || permutations > 10_000) {
          throw new IllegalArgumentException(
              "--folds must be at least 2 and at most 100, --permutations 0 to 10000");
        }
        OptionalInt block =
            layer.equals("auto") ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(layer));
        return new DetectorFit.Request(
            kind, position.one(), block, states.matched(), folds, seed, permutations);
      } catch (NumberFormatException e) {
        throw new WrongUsage("--layer is the number of a block or auto, not " + layer);
      } catch (IllegalArgumentException e) {
        throw new WrongUsage(e.getMessage());
      }
    }
  }

  /** {@code hbar detect test}: a detector on other samples, with its controls. */
  @Command(
      name = "test",
      mixinStandardHelpOptions = true,
      description = {
        "Test a detector on a states folder, per task, beside the surface baselines.",
        "",
        "The states must be those of the detector's checkpoint. Samples that it was fitted on get "
            + "their held-out scores.",
        ""
      },
      footer = {
        "",
        "Example:",
        "  hbar detect test --detector dialogue-detector --states other-states --matched"
      })
  static final class TestCommand implements Callable<Integer> {
    private final Environment environment;

    @Option(
        names = "--detector",
        required = true,
        paramLabel = "DETECTOR",
        description = "A folder made by hbar detect fit.")
    private Path detector = Path.of("");

    @Mixin private final StatesOptions states = new StatesOptions();

    @Option(
        names = "--promise",
        paramLabel = "SHARE",
        description =
            "Also find the laxest probability below which at most SHARE of the answers are wrong "
                + "(Learn then Test), from answers that the detector was not fitted on.")
    private Optional<Double> promise = Optional.empty();

    @Option(
        names = "--confidence",
        defaultValue = "0.9",
        paramLabel = "P",
        description = "Confidence of --promise (default: ${DEFAULT-VALUE}).")
    private double confidence;

    @Option(
        names = "--tokens",
        description =
            "Test it on single tokens of answers with marked spans, from states kept with "
                + "--positions answer: AUROC, precision, recall, F1.")
    private boolean tokens;

    @Mixin private final Output output;

    TestCommand(Environment environment) {
      this.environment = environment;
      this.output = new Output(environment);
    }

    @Override
    public Integer call() {
      if (promise.filter(share -> !(share > 0 && share < 1)).isPresent()
          || !(confidence > 0 && confidence < 1)) {
        throw new WrongUsage("--promise and --confidence must lie between 0 and 1");
      }
      DetectionData data = states.data();
      if (tokens) {
        DetectorTrial.TokenTrial trial = DetectorTrial.TokenTrial.run(detector, data);
        output.print(() -> ResultFile.json(trial), () -> DetectionText.tokens(trial));
        return ExitCodes.OK;
      }
      Optional<String> promised = promise.map(share -> promise(data, share));
      DetectorTrial trial =
          DetectorTrial.run(
              detector, data, states.matched(), StatesOptions.progress(environment, "test"));
      output.print(
          () -> ResultFile.json(trial.sections()),
          () ->
              String.format(
                      Locale.ROOT,
                      "%s on %s, %s; %s of %s samples were fitted on and have held-out scores%n",
                      trial.detector().kind(),
                      trial.detector().point(),
                      trial.detector().position(),
                      trial.seen(),
                      data.labels().length)
                  + DetectionText.sections(trial.sections())
                  + promised.map("\n"::concat).orElse(""));
      return ExitCodes.OK;
    }

    private String promise(DetectionData data, double share) {
      return DetectionText.promise(
          DetectorTrial.promise(detector, data, states.matched(), share, confidence),
          share,
          confidence);
    }
  }
}
