package dev.hbar.study.detect;

import dev.hbar.monitor.detect.Detector.DetectorException;
import dev.hbar.study.states.StatePosition;
import dev.hbar.study.states.StatesRow;
import dev.hbar.study.statistics.Promise;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;

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
    Scored scored = scored(folder, data);
    List<TaskAssessment> sections =
        new Assessor(data, SEED, progress)
            .sections(scored.report().kind(), scored.scores(), matched);
    return new DetectorTrial(
        scored.report(), data.labels().length - scored.unseen().cardinality(), sections);
  }

  /**
   * The laxest probability below which an answer may be kept, on answers that the detector was not
   * fitted on, one drawn of each record.
   *
   * @param mostWrong the promised share of wrong answers among the kept
   * @param confidence of the promise
   * @return with the threshold in log-odds; empty if nothing can be promised
   * @throws DetectorException if it was fitted on another checkpoint, on all of these answers, or
   *     gives no probability
   */
  public static Optional<Promise> promise(
      Path folder, DetectionData data, boolean matched, double mostWrong, double confidence) {
    Scored scored = scored(folder, data);
    if (!scored.linear()) {
      throw new DetectorException(
          folder, "gives distances, no probabilities, so none can be promised; fit a probe");
    }
    int[] rows =
        IntStream.of(matched ? data.matched(data.all()) : data.all())
            .filter(scored.unseen()::get)
            .toArray();
    if (rows.length == 0) {
      throw new DetectorException(
          folder, "was fitted on all of these answers; a promise needs others");
    }
    DetectionData.Slice slice = DetectionData.Slice.of(rows, data.labels(), data.recordOf());
    int[] drawn = Promise.oneOfEachRecord(slice.recordOf());
    double[] scores = slice.pick(scored.scores());
    return Promise.of(
        IntStream.of(drawn).mapToDouble(i -> scores[i]).toArray(),
        IntStream.of(drawn).map(i -> slice.labels()[i]).toArray(),
        mostWrong,
        confidence);
  }

  /**
   * Scores of all samples.
   *
   * @param unseen those that the detector was not fitted on
   */
  record Scored(DetectorReport report, boolean linear, double[] scores, BitSet unseen) {}

  static Scored scored(Path folder, DetectionData data) {
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
    BitSet unseen = new BitSet();
    for (int i = 0; i < scores.length; i++) {
      StatesRow row = data.folder().rows().get(i);
      Double heldOut = sameData ? report.heldOut().get(row.id()) : null;
      unseen.set(i, heldOut == null);
      scores[i] = heldOut == null ? scorer.score(features[i]) : heldOut;
    }
    return new Scored(report, scorer instanceof Scorer.Linear, scores, unseen);
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
