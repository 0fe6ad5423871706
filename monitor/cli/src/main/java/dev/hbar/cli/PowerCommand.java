package dev.hbar.cli;

import dev.hbar.study.scores.ResultFile;
import dev.hbar.study.statistics.SampleSize;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code hbar detect power}: how many labelled answers to collect. */
@Command(
    name = "power",
    mixinStandardHelpOptions = true,
    description = {
      "Say how many labelled records it takes, before you label them: for a promise (detect test "
          + "--promise) and to see one AUROC above another.",
      ""
    },
    footer = {"", "Example:", "  hbar detect power --promise 0.2 --wrong 0.1 --auroc 0.7"})
final class PowerCommand implements Callable<Integer> {
  private static final double SIGNIFICANCE = 0.05;
  private static final int MOST_RECORDS = 1_000_000;

  @Option(
      names = "--promise",
      defaultValue = "0.2",
      paramLabel = "SHARE",
      description = "At most SHARE of the kept answers are wrong (default: ${DEFAULT-VALUE}).")
  private double promise;

  @Option(
      names = "--confidence",
      defaultValue = "0.9",
      paramLabel = "P",
      description = "Confidence of the promise (default: ${DEFAULT-VALUE}).")
  private double confidence;

  @Option(
      names = "--wrong",
      defaultValue = "0.1",
      paramLabel = "SHARE",
      description =
          "The share that you expect to be wrong among the kept, below that of --promise "
              + "(default: ${DEFAULT-VALUE}).")
  private double wrong;

  @Option(
      names = "--kept",
      defaultValue = "0.5",
      paramLabel = "SHARE",
      description = "The share of answers that is to be kept (default: ${DEFAULT-VALUE}).")
  private double kept;

  @Option(
      names = "--auroc",
      defaultValue = "0.7",
      paramLabel = "A",
      description = "The baseline's AUROC (default: ${DEFAULT-VALUE}).")
  private double auroc;

  @Option(
      names = "--difference",
      defaultValue = "0.05",
      paramLabel = "D",
      description = "The advantage over it that is to be seen (default: ${DEFAULT-VALUE}).")
  private double difference;

  @Option(
      names = "--correlation",
      defaultValue = "0.5",
      paramLabel = "R",
      description = "Of the two AUROCs over draws of the answers (default: ${DEFAULT-VALUE}).")
  private double correlation;

  @Option(
      names = "--power",
      defaultValue = "0.8",
      paramLabel = "P",
      description = "The chance of success (default: ${DEFAULT-VALUE}).")
  private double power;

  @Mixin private final Output output;

  PowerCommand(Environment environment) {
    this.output = new Output(environment);
  }

  /**
   * What is printed.
   *
   * @param keptAnswers kept answers, one of each record, for the promise
   * @param promiseRecords records for that, with one answer of each drawn
   * @param differenceRecords records with one right and one wrong answer each for the difference
   */
  record Needed(int keptAnswers, long promiseRecords, int differenceRecords) {}

  @Override
  public Integer call() {
    Needed needed = needed();
    output.print(() -> ResultFile.json(needed), () -> text(needed));
    return ExitCodes.OK;
  }

  private Needed needed() {
    if (!(kept > 0 && kept <= 1)) {
      throw new WrongUsage("--kept must be above 0 and at most 1");
    }
    try {
      int answers = SampleSize.kept(promise, confidence, wrong, power);
      if (answers / kept > MOST_RECORDS) {
        throw new WrongUsage(
            "--kept: more than " + MOST_RECORDS + " records would be needed; keep a larger share");
      }
      return new Needed(
          answers,
          (long) Math.ceil(answers / kept),
          SampleSize.records(auroc, difference, correlation, SIGNIFICANCE, power));
    } catch (IllegalArgumentException e) {
      throw new WrongUsage(e.getMessage());
    }
  }

  private String text(Needed needed) {
    return String.format(
        Locale.ROOT,
        """
        chance of success %s
        promise "at most %s of the kept are wrong", confidence %s, where %s are: %s kept answers, %s records if %s are kept
        AUROC %.3f seen above %.3f (two-sided %s, correlation %s): %s records with a right and a wrong answer each
        """,
        power,
        promise,
        confidence,
        wrong,
        needed.keptAnswers,
        needed.promiseRecords,
        kept,
        auroc + difference,
        auroc,
        SIGNIFICANCE,
        correlation,
        needed.differenceRecords);
  }
}
