package dev.hbar.study.evidence;

import dev.hbar.study.statistics.Interval;

/**
 * A signal's AUROC against a baseline's, on the same samples.
 *
 * @param baseline name of the other signal, or {@code chance}
 * @param difference signal minus baseline
 * @param interval of the difference, by the paired bootstrap over records
 * @param pDelong two-sided, DeLong's test (samples as independent)
 * @param pBootstrap two-sided, by the paired bootstrap over records
 * @param pByRecord two-sided, DeLong's test with the answers of a record taken together; the one to
 *     go by
 * @param pHolm pByRecord after Holm's correction over all signals compared with this baseline
 */
public record Comparison(
    String baseline,
    double difference,
    Interval interval,
    double pDelong,
    double pBootstrap,
    double pByRecord,
    double pHolm) {
  /** The baseline without a signal: AUROC one half. */
  public static final String CHANCE = "chance";

  private static final double LEVEL = 0.05;

  /** Whether the signal is better, after the correction. */
  public boolean isBetter() {
    return difference > 0 && pHolm < LEVEL;
  }

  /** Whether the signal is worse, after the correction. */
  public boolean isWorse() {
    return difference < 0 && pHolm < LEVEL;
  }
}
