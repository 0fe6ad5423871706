package dev.hbar.study.statistics;

import java.util.Arrays;
import java.util.List;
import org.hipparchus.stat.descriptive.rank.Percentile;
import org.hipparchus.stat.descriptive.rank.Percentile.EstimationType;

/**
 * Areas of several signals over the same resamples, so that they can be compared in pairs. The
 * arrays are not to be changed.
 *
 * @param auroc one row per signal, one value per resample
 * @param averagePrecision likewise
 * @param level share of the resamples inside an interval
 */
public record Bootstrap(double[][] auroc, double[][] averagePrecision, double level) {

  public static Bootstrap run(
      List<Ranking> signals, Resamples resamples, EvidenceSettings settings) {
    double[][] auroc = new double[signals.size()][settings.resamples()];
    double[][] precision = new double[signals.size()][settings.resamples()];
    for (int r = 0; r < settings.resamples(); r++) {
      int[] weights = resamples.next();
      for (int s = 0; s < signals.size(); s++) {
        ThresholdCounts counts = signals.get(s).counts(weights);
        auroc[s][r] = counts.auroc();
        precision[s][r] = counts.averagePrecision();
      }
    }
    return new Bootstrap(auroc, precision, settings.level());
  }

  /** Percentile interval, NumPy's linear interpolation. */
  public Interval interval(double[] values) {
    double tail = 100 * (1 - level) / 2;
    Percentile percentile = new Percentile().withEstimationType(EstimationType.R_7);
    percentile.setData(values);
    return new Interval(percentile.evaluate(tail), percentile.evaluate(100 - tail));
  }

  /** Two-sided p that values centred on nothing would lie as much to one side of 0. */
  public static double p(double[] differences) {
    long below = Arrays.stream(differences).filter(d -> d <= 0).count();
    long above = Arrays.stream(differences).filter(d -> d >= 0).count();
    return Math.min(1, 2 * (Math.min(below, above) + 1) / (differences.length + 1.0));
  }
}
