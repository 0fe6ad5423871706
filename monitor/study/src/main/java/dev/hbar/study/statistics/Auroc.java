package dev.hbar.study.statistics;

import java.util.Optional;
import org.hipparchus.distribution.continuous.NormalDistribution;
import org.hipparchus.util.CombinatoricsUtils;

/**
 * Area under the ROC curve with DeLong's variance.
 *
 * @param value probability that a hallucinated answer scores higher than a right one, ties half
 * @param variance DeLong's estimate of the variance of value; NaN if a label has a single sample
 * @param positives number of hallucinated answers
 * @param negatives number of right answers
 */
public record Auroc(double value, double variance, int positives, int negatives) {
  private static final double LEVEL = 0.05;
  private static final double Z =
      new NormalDistribution().inverseCumulativeProbability(1 - LEVEL / 2);

  /**
   * The 95 % interval, normal and cut to [0, 1]. Empty where DeLong's variance says nothing: a
   * label with a single sample, complete separation, or all scores equal.
   */
  public Optional<Interval> interval() {
    if (!(variance > 0)) {
      return Optional.empty();
    }
    double half = Z * Math.sqrt(variance);
    return Optional.of(new Interval(Math.max(0, value - half), Math.min(1, value + half)));
  }

  /** Whether the value differs from one half. */
  public Verdict verdict() {
    return interval().map(Auroc::byInterval).orElseGet(this::bySeparation);
  }

  private static Verdict byInterval(Interval interval) {
    if (interval.low() > 0.5) {
      return Verdict.BETTER;
    }
    return interval.high() < 0.5 ? Verdict.WORSE : Verdict.CHANCE;
  }

  /** Complete separation: two of all orders of the labels show it, so that is its probability. */
  private Verdict bySeparation() {
    boolean separated = value == 0 || value == 1;
    double orders =
        Math.exp(CombinatoricsUtils.binomialCoefficientLog(positives + negatives, positives));
    if (!separated || 2 / orders >= LEVEL) {
      return Verdict.CHANCE;
    }
    return value == 1 ? Verdict.BETTER : Verdict.WORSE;
  }
}
