package dev.hbar.study.evidence;

import dev.hbar.study.statistics.Estimate;

/**
 * A signal's AUROC within tasks against a baseline's, on the same samples.
 *
 * @param baseline name of the other signal, or {@code chance}
 * @param difference signal minus baseline, by record: DeLong's test with the answers of a record
 *     taken together
 * @param pHolm its p after Holm's correction over all signals compared with this baseline, of all
 *     models where several are judged together
 * @param asked how many comparisons were corrected together
 */
public record Comparison(String baseline, Estimate difference, double pHolm, int asked) {
  /** The baseline without a signal: AUROC one half. */
  public static final String CHANCE = "chance";

  private static final double LEVEL = 0.05;

  /** Whether the signal is better, after the correction. */
  public boolean isBetter() {
    return difference.value() > 0 && pHolm < LEVEL;
  }

  /** Whether the signal is worse, after the correction. */
  public boolean isWorse() {
    return difference.value() < 0 && pHolm < LEVEL;
  }

  Comparison corrected(double p, int together) {
    return new Comparison(baseline, difference, p, together);
  }
}
