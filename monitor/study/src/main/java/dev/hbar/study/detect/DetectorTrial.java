package dev.hbar.study.detect;

import dev.hbar.monitor.detect.DetectorException;
import dev.hbar.study.states.StatePosition;
import dev.hbar.study.states.StatesRow;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * A detector on a states folder. Samples that it was fitted on get their held-out scores.
 *
 * @param detector what it says about itself
 * @param seen number of samples it was fitted on
 * @param sections the figures
 */
public record DetectorTrial(DetectorReport detector, int seen, List<TaskAssessment> sections) {
  private static final long SEED = 42;

  /** Copies the list. */
  public DetectorTrial {
    sections = List.copyOf(sections);
  }

  /**
   * Tests a detector.
   *
   * @param matched whether only pairs that look alike from outside count
   * @throws DetectorException if it was fitted on another checkpoint
   */
  public static DetectorTrial run(
      Path folder, DetectionData data, boolean matched, Consumer<String> progress) {
    DetectorReport report = new DetectorFolder(folder).report();
    String sha256 = data.folder().header().checkpointSha256();
    if (!report.checkpointSha256().equals(sha256)) {
      throw new DetectorException(
          folder,
          "was fitted on another checkpoint (%s) than the states of %s come from (%s); fit one on them"
              .formatted(
                  report.checkpoint(),
                  data.folder().folder(),
                  data.folder().header().checkpoint()));
    }
    Scorer scorer = new DetectorFolder(folder).scorer();
    float[][] features = features(report, data);
    boolean sameData =
        report.dataSha256().equals(data.folder().header().dataSha256())
            && report.protocol().equals(data.folder().header().protocol());
    double[] scores = new double[features.length];
    int seen = 0;
    for (int i = 0; i < scores.length; i++) {
      StatesRow row = data.folder().rows().get(i);
      Double heldOut = sameData ? report.heldOut().get(row.id()) : null;
      seen += heldOut == null ? 0 : 1;
      scores[i] = heldOut == null ? scorer.score(features[i]) : heldOut;
    }
    List<TaskAssessment> sections =
        new Assessor(data, SEED, progress).sections(report.kind(), scores, matched);
    return new DetectorTrial(report, seen, sections);
  }

  private static float[][] features(DetectorReport report, DetectionData data) {
    if (report.features().isEmpty()) {
      return data.folder().states(report.point(), StatePosition.of(report.position()));
    }
    if (!report.features().equals(data.signalNames())) {
      throw new IllegalArgumentException(
          data.folder().folder() + ": has other signals than the detector was fitted on");
    }
    return data.signals().byName().get("signals");
  }
}
