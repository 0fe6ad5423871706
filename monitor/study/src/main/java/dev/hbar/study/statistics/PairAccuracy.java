package dev.hbar.study.statistics;

import java.util.Optional;
import org.hipparchus.stat.interval.BinomialProportion;
import org.hipparchus.stat.interval.ConfidenceInterval;

/**
 * How often the hallucinated answer of a record scores riskier than its right one: the question
 * "which of these two", which the record's context cannot blur.
 *
 * @param records that have both labels
 * @param value share of their pairs ranked rightly, ties half, each record counting once
 * @param interval 95 %, Wilson; empty without such a record
 */
public record PairAccuracy(int records, double value, Optional<Interval> interval) {
  private static final double LEVEL = 0.95;

  /** Of scores that are higher for positives. */
  public static PairAccuracy of(double[] scores, int[] labels, int[] recordOf) {
    int[][] members = Groups.of(recordOf);
    int records = 0;
    double sum = 0;
    for (int[] samples : members) {
      double pairs = 0;
      double wins = 0;
      for (int i : samples) {
        for (int j : samples) {
          if (labels[i] == 1 && labels[j] == 0) {
            pairs++;
            wins += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
          }
        }
      }
      records += pairs > 0 ? 1 : 0;
      sum += pairs > 0 ? wins / pairs : 0;
    }
    if (records == 0) {
      return new PairAccuracy(0, 0, Optional.empty());
    }
    ConfidenceInterval wilson =
        BinomialProportion.getWilsonScoreInterval(records, sum / records, LEVEL);
    return new PairAccuracy(
        records,
        sum / records,
        Optional.of(new Interval(wilson.getLowerBound(), wilson.getUpperBound())));
  }
}
