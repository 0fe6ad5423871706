package dev.hbar.study.calibrate;

import dev.hbar.study.scores.ScoreColumns;
import dev.hbar.study.statistics.Holm;
import dev.hbar.study.statistics.Interval;
import java.util.ArrayList;
import java.util.List;
import org.hipparchus.distribution.continuous.TDistribution;
import org.hipparchus.stat.StatUtils;
import org.hipparchus.stat.inference.KolmogorovSmirnovTest;

/**
 * How a signal's values moved from the calibration samples to new ones. The labels are left out of
 * it: a changed share of hallucinations is drift, too.
 *
 * @param signal its name
 * @param oldMean over the calibration samples
 * @param newMean over the new samples
 * @param shift new mean minus old mean
 * @param interval of the shift, 95 %, Welch
 * @param distance of Kolmogorov and Smirnov: the largest difference of the two distributions
 * @param p of the Kolmogorov-Smirnov test
 * @param pHolm p after Holm's correction over all signals
 */
public record Drift(
    String signal,
    double oldMean,
    double newMean,
    double shift,
    Interval interval,
    double distance,
    double p,
    double pHolm) {
  private static final double LEVEL = 0.05;

  /** Whether the two distributions differ, after the correction. */
  public boolean isDrift() {
    return pHolm < LEVEL;
  }

  /** The drift of every signal that both have. */
  static List<Drift> of(ScoreColumns old, ScoreColumns fresh) {
    List<String> names = fresh.names().stream().filter(old.names()::contains).toList();
    KolmogorovSmirnovTest test = new KolmogorovSmirnovTest();
    double[] p =
        names.stream()
            .mapToDouble(
                name -> test.kolmogorovSmirnovTest(old.column(name), fresh.column(name), false))
            .toArray();
    double[] corrected = Holm.correct(p);
    List<Drift> drifts = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      double[] before = old.column(names.get(i));
      double[] after = fresh.column(names.get(i));
      double distance = test.kolmogorovSmirnovStatistic(before, after);
      drifts.add(of(names.get(i), before, after, distance, p[i], corrected[i]));
    }
    return drifts;
  }

  private static Drift of(
      String name, double[] before, double[] after, double distance, double p, double pHolm) {
    double oldMean = StatUtils.mean(before);
    double newMean = StatUtils.mean(after);
    double shift = newMean - oldMean;
    double half = halfWidth(before, after);
    return new Drift(
        name,
        oldMean,
        newMean,
        shift,
        new Interval(shift - half, shift + half),
        distance,
        p,
        pHolm);
  }

  /** Welch: unequal variances, degrees of freedom after Satterthwaite. */
  private static double halfWidth(double[] before, double[] after) {
    double a = StatUtils.variance(before) / before.length;
    double b = StatUtils.variance(after) / after.length;
    if (a + b == 0) {
      return 0;
    }
    double freedom = (a + b) * (a + b) / (a * a / (before.length - 1) + b * b / (after.length - 1));
    return new TDistribution(freedom).inverseCumulativeProbability(1 - LEVEL / 2)
        * Math.sqrt(a + b);
  }
}
