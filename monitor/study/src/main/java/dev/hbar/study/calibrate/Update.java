package dev.hbar.study.calibrate;

import dev.hbar.study.scores.SampleRow;
import dev.hbar.study.scores.ScoreColumns;
import dev.hbar.study.scores.ScoreOrigin;
import dev.hbar.study.statistics.Bootstrap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What labelled samples of a deployment say about older parameters.
 *
 * @param previous the score file of the older parameters, if they say
 * @param oldSamples samples they were calibrated on
 * @param newSamples samples of the deployment
 * @param replaced samples of the older ones that have the id of a new one, and gave way to it
 * @param kept whether the new parameters are fitted on old and new samples, or on new ones only
 * @param drift of every signal
 * @param thresholds the old ones, on the new samples
 * @param verdict in one line
 */
public record Update(
    Optional<ScoreOrigin> previous,
    int oldSamples,
    int newSamples,
    int replaced,
    boolean kept,
    List<Drift> drift,
    List<ThresholdCheck> thresholds,
    String verdict) {
  /** Copies the lists. */
  public Update {
    drift = List.copyOf(drift);
    thresholds = List.copyOf(thresholds);
  }

  /**
   * Judges parameters on new samples, and fits new ones.
   *
   * @param file where the older parameters were read
   * @param keepOld whether the older samples stay in the fit
   * @throws CalibrationException if the older parameters hold no samples to compare with
   */
  public static Parameters apply(
      String file,
      Parameters older,
      ScoreColumns fresh,
      boolean keepOld,
      Bootstrap.Settings settings) {
    if (older.scoresBySample().isEmpty()) {
      throw new CalibrationException(
          file, "holds no samples to compare with; calibrate again from their scores");
    }
    fresh.requireOfEachLabel(2);
    ScoreColumns before = new ScoreColumns(fresh.origin(), older.scoresBySample(), Map.of());
    ScoreColumns after = fresh.withJoint(older.jointModelWeights());
    List<Drift> drift = Drift.of(before, after);
    List<ThresholdCheck> checks =
        List.of(
            ThresholdCheck.of(after, older.hbarFlag(), older.bestPrecisionHbar()),
            ThresholdCheck.of(after, older.priFlag(), older.bestPrecisionPri()),
            ThresholdCheck.of(after, older.jointFlag(), older.bestPrecisionJoint()));
    Map<String, SampleRow> rows = new LinkedHashMap<>();
    if (keepOld) {
      older.scoresBySample().forEach(row -> rows.put(row.sampleId(), common(row, fresh, before)));
    }
    int shared = (int) fresh.ids().stream().filter(rows::containsKey).count();
    fresh.rows().forEach(row -> rows.put(row.sampleId(), common(row, fresh, before)));
    ScoreColumns fitted =
        new ScoreColumns(fresh.origin(), List.copyOf(rows.values()), fresh.failures());
    Update update =
        new Update(
            older.calibratedOn(),
            before.size(),
            fresh.size(),
            shared,
            keepOld,
            drift,
            checks,
            verdict(drift, checks));
    return Calibration.of(fitted, older.rule(), settings).updated(update);
  }

  /** Without signals that only the other side has. */
  private static SampleRow common(SampleRow row, ScoreColumns fresh, ScoreColumns before) {
    Set<String> known = fresh.names();
    Set<String> older = before.names();
    Map<String, Double> signals = new LinkedHashMap<>(row.signals());
    signals.keySet().removeIf(name -> !known.contains(name) || !older.contains(name));
    return new SampleRow(row.sampleId(), row.label(), signals);
  }

  private static String verdict(List<Drift> drift, List<ThresholdCheck> checks) {
    List<String> moved = drift.stream().filter(Drift::isDrift).map(Drift::signal).toList();
    List<String> failed =
        checks.stream().filter(check -> !check.holds()).map(ThresholdCheck::signal).toList();
    String values = moved.isEmpty() ? "no drift is seen" : "drift in " + String.join(", ", moved);
    String thresholds =
        failed.isEmpty()
            ? "the old thresholds still hold"
            : "the old thresholds no longer hold for " + String.join(", ", failed);
    return values + "; " + thresholds;
  }
}
