package dev.hbar.cli;

import dev.hbar.study.dataset.Draw;
import dev.hbar.study.dataset.HaluEvalFolder;
import dev.hbar.study.statistics.Bootstrap;
import dev.hbar.study.sweep.SweepPlan;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of {@code hbar sweep}. */
final class SweepOptions {
  @Option(
      names = "--data",
      required = true,
      paramLabel = "DIR",
      description = "The folder with the qa, dialogue and summarization files.")
  private Path data = Path.of("");

  @Option(
      names = "--calibrate",
      defaultValue = "200",
      paramLabel = "N",
      description = "Samples of the training set (default: ${DEFAULT-VALUE}).")
  private int calibrate;

  @Option(
      names = "--validate",
      defaultValue = "500",
      paramLabel = "N",
      description = "Samples of the test set (default: ${DEFAULT-VALUE}).")
  private int validate;

  @Mixin private ProtocolOptions protocol = new ProtocolOptions();
  @Mixin private ScoringOptions scoring = new ScoringOptions();

  @Option(
      names = "--max-failures",
      defaultValue = "0.02",
      paramLabel = "SHARE",
      description = {
        "A checkpoint of whose samples a larger share failed is not calibrated",
        "(default: ${DEFAULT-VALUE})."
      })
  private double mostFailures;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Gets sweep.json, a folder for every checkpoint, and report.html.")
  private Path out = Path.of("");

  @Option(names = "--resume", description = "Go on with the sweep that is in --out.")
  private boolean resume;

  /** The first value that makes no sense, if any. */
  Optional<String> problem() {
    if (calibrate < 1 || validate < 1) {
      return Optional.of("--calibrate and --validate must be at least 1");
    }
    return mostFailures >= 0 && mostFailures <= 1
        ? scoring.problem()
        : Optional.of("--max-failures must be a share from 0 to 1");
  }

  boolean resume() {
    return resume;
  }

  Path out() {
    return out;
  }

  /**
   * The plan; call only without a problem. Scores keep every token: tables are made of them later.
   *
   * @throws dev.hbar.study.dataset.DatasetException if the data cannot be used
   */
  SweepPlan plan(List<String> checkpoints) {
    HaluEvalFolder folder = HaluEvalFolder.open(data);
    return new SweepPlan(
        checkpoints,
        folder.samples(protocol.draw(folder, Draw.Partition.TRAIN, calibrate, "--calibrate: ")),
        folder.samples(protocol.draw(folder, Draw.Partition.TEST, validate, "--validate: ")),
        protocol.seed(),
        scoring.request(true),
        mostFailures,
        Bootstrap.Settings.DEFAULT,
        out);
  }
}
