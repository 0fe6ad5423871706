package dev.hbar.evaluate;

import java.util.Optional;
import org.hipparchus.stat.StatUtils;
import org.hipparchus.stat.ranking.NaturalRanking;
import org.hipparchus.stat.ranking.TiesStrategy;

/**
 * AUROC and its variance after DeLong, DeLong and Clarke-Pearson (Biometrics 1988), by mid-ranks
 * (Sun and Xu, IEEE Signal Processing Letters 2014).
 *
 * <p>With m positives, n negatives, T the mid-ranks over all and T_x, T_y those within a label: V10
 * = (T_pos - T_x) / n, V01 = 1 - (T_neg - T_y) / m, AUROC = mean(V10), variance = var(V10) / m +
 * var(V01) / n. The samples count as independent.
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
    double[] all = new double[m + n];
    System.arraycopy(positives, 0, all, 0, m);
    System.arraycopy(negatives, 0, all, m, n);
    NaturalRanking midRanks = new NaturalRanking(TiesStrategy.AVERAGE);
    double[] overall = midRanks.rank(all);
    double[] withinPositives = midRanks.rank(positives);
    double[] withinNegatives = midRanks.rank(negatives);
    double[] v10 = new double[m];
    double[] v01 = new double[n];
    for (int i = 0; i < m; i++) {
      v10[i] = (overall[i] - withinPositives[i]) / n;
    }
    for (int j = 0; j < n; j++) {
      v01[j] = 1 - (overall[m + j] - withinNegatives[j]) / m;
    }
    double variance =
        m == 1 || n == 1 ? Double.NaN : StatUtils.variance(v10) / m + StatUtils.variance(v01) / n;
    return Optional.of(new Auroc(StatUtils.mean(v10), variance, m, n));
  }
}
