package dev.hbar.study.statistics;

import java.util.List;
import java.util.stream.IntStream;
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

  /** Areas of signals over the same resamples; n passes over the sorted samples, no sorting. */
  public static Bootstrap run(
      List<Ranking> signals, Resamples resamples, EvidenceSettings settings) {
    double[][] auroc = new double[signals.size()][settings.resamples()];
    double[][] precision = new double[signals.size()][settings.resamples()];
    for (int r = 0; r < settings.resamples(); r++) {
      int[] weights = resamples.next();
      int resample = r;
      IntStream.range(0, signals.size())
          .parallel()
          .forEach(
              signal -> {
                double[] areas = signals.get(signal).areas(weights);
                auroc[signal][resample] = areas[0];
                precision[signal][resample] = areas[1];
              });
    }
    return new Bootstrap(auroc, precision, settings.level());
  }

  /** Percentile interval, NumPy's linear interpolation; NaN without resamples. */
  public Interval interval(double[] values) {
    if (values.length == 0) {
      return new Interval(Double.NaN, Double.NaN);
    }
    double tail = 100 * (1 - level) / 2;
    Percentile percentile = new Percentile().withEstimationType(EstimationType.R_7);
    percentile.setData(values);
    return new Interval(percentile.evaluate(tail), percentile.evaluate(100 - tail));
  }
}
