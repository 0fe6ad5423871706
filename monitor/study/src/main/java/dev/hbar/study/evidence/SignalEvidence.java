package dev.hbar.study.evidence;

import dev.hbar.monitor.signal.Polarity;
import dev.hbar.study.statistics.Estimate;
import dev.hbar.study.statistics.Interval;
import dev.hbar.study.statistics.Moments;
import dev.hbar.study.statistics.PairAccuracy;
import java.util.List;
import java.util.Optional;

/**
 * How well one signal separates hallucinated from right answers, and the verdict on it.
 *
 * @param signal its name
 * @param risky which of its values count as evidence for a hallucination
 * @param inSample whether the signal, or its direction, was fitted on these very samples, so that
 *     its figures are too good
 * @param right moments over right answers, of the raw signal
 * @param hallucinated moments over hallucinated answers, of the raw signal
 * @param cohensD (mean hallucinated - mean right) / sqrt((sd1^2 + sd0^2) / 2), population sd; empty
 *     if both sd are 0
 * @param within AUROC within tasks; the figure the verdict rests on
 * @param pairs the same asked of the two answers of a record
 * @param givenLength coefficient of the signal, in standard deviations within a task, in a logistic
 *     regression beside the answer's length; empty without one, or where labels are separated
 * @param auroc area under the ROC curve of the oriented signal, all tasks in one, as the study has
 *     it
 * @param prAuc average precision of the oriented signal; a useless signal has the share of
 *     hallucinated answers
 * @param prr prediction rejection ratio: 1 rejects as an oracle does, 0 as chance does
 * @param comparisons one per baseline
 * @param judgement what follows from them
 */
public record SignalEvidence(
    String signal,
    Polarity risky,
    boolean inSample,
    Moments right,
    Moments hallucinated,
    Optional<Double> cohensD,
    Estimate within,
    PairAccuracy pairs,
    Optional<Estimate> givenLength,
    PooledArea auroc,
    PooledArea prAuc,
    double prr,
    List<Comparison> comparisons,
    Judgement judgement) {
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

  /**
   * An area under a curve with its percentile bootstrap intervals.
   *
   * @param value the area
   * @param stratified samples resampled within each label
   * @param byRecord records resampled, with their one or two answers together; the honest one for
   *     pairs
   */
  public record PooledArea(double value, Interval stratified, Interval byRecord) {}

  /** Copies the list. */
  public SignalEvidence {
    comparisons = List.copyOf(comparisons);
  }

  /** The verdict as a reader sees it; figures from the samples of the fit are marked. */
  public String words() {
    return judgement.words() + (inSample ? ", in-sample" : "");
  }

  SignalEvidence judged(List<Comparison> corrected, Judgement verdict) {
    return new SignalEvidence(
        signal,
        risky,
        inSample,
        right,
        hallucinated,
        cohensD,
        within,
        pairs,
        givenLength,
        auroc,
        prAuc,
        prr,
        corrected,
        verdict);
  }
}
