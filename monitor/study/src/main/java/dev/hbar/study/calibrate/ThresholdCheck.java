package dev.hbar.study.calibrate;

import dev.hbar.study.scores.ScoreColumns;
import dev.hbar.study.statistics.Interval;

/**
 * Whether an old threshold still does what it was chosen for.
 *
 * @param signal what it is on
 * @param tau the old threshold
 * @param promisedPrecision its precision on the calibration samples
 * @param precision on the new samples, with its 95 % Wilson interval
 * @param recall on the new samples, with its 95 % Wilson interval
 * @param holds unless the interval of the recall lies below 0.9, or that of the precision below
 *     what was promised
 */
public record ThresholdCheck(
    String signal,
    double tau,
    double promisedPrecision,
    Share precision,
    Share recall,
    boolean holds) {
  /**
   * A share of a number of samples.
   *
   * @param value the share; 0 of no samples
   * @param interval 95 %, Wilson; all of [0, 1] for no samples
   */
  public record Share(double value, Interval interval) {
    static Share of(int hits, int all) {
      if (all == 0) {
        return new Share(0, new Interval(0, 1));
      }
      double value = hits / (double) all;
      return new Share(value, Interval.wilson(all, value));
    }
  }

  /** What holds or fails, in words. */
  public String words() {
    if (holds) {
      return "still holds";
    }
    return recall.interval().high() < Flag.LEAST_RECALL
        ? "misses more than it may"
        : "flags more wrongly than it did";
  }

  static ThresholdCheck of(ScoreColumns fresh, Flag flag, double promisedPrecision) {
    int[][] matrix = Performance.of(fresh, flag).confusionMatrix();
    Share precision = Share.of(matrix[1][1], matrix[1][1] + matrix[0][1]);
    Share recall = Share.of(matrix[1][1], matrix[1][1] + matrix[1][0]);
    boolean holds =
        recall.interval().high() >= Flag.LEAST_RECALL
            && precision.interval().high() >= promisedPrecision;
    return new ThresholdCheck(
        flag.signal(), flag.tau(), promisedPrecision, precision, recall, holds);
  }
}
