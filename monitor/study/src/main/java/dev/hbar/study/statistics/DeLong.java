package dev.hbar.study.statistics;

import java.util.Optional;

/**
 * AUROC and its variance after DeLong, DeLong and Clarke-Pearson (Biometrics 1988): variance =
 * var(V10) / m + var(V01) / n with m positives, n negatives and their {@link Placements}. The
 * samples count as independent.
 */
public final class DeLong {
  private DeLong() {}

  /**
   * AUROC of a score that is higher for hallucinated answers.
   *
   * @param positives scores of hallucinated answers, finite
   * @param negatives scores of right answers, finite
   * @return empty if a label has no sample
   */
  public static Optional<Auroc> of(double[] positives, double[] negatives) {
    int m = positives.length;
    int n = negatives.length;
    if (m == 0 || n == 0) {
      return Optional.empty();
    }
    Placements placements = Placements.of(positives, negatives);
    double variance = m == 1 || n == 1 ? Double.NaN : placements.variance();
    return Optional.of(new Auroc(placements.auroc(), variance, m, n));
  }
}
