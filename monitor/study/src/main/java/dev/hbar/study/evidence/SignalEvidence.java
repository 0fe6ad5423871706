package dev.hbar.study.evidence;

import dev.hbar.monitor.signal.Polarity;
import dev.hbar.study.statistics.Area;
import dev.hbar.study.statistics.Moments;
import dev.hbar.study.statistics.Verdict;
import java.util.List;
import java.util.Optional;

/**
 * What one signal is worth.
 *
 * @param signal its name
 * @param risky which of its values count as evidence for a hallucination
 * @param right moments over right answers, of the raw signal
 * @param hallucinated moments over hallucinated answers, of the raw signal
 * @param cohensD (mean hallucinated - mean right) / sqrt((sd1^2 + sd0^2) / 2), population sd; empty
 *     if both sd are 0
 * @param auroc area under the ROC curve of the oriented signal
 * @param prAuc average precision of the oriented signal; a useless signal has the share of
 *     hallucinated answers
 * @param prr prediction rejection ratio: 1 rejects as an oracle does, 0 as chance does
 * @param comparisons one per baseline
 * @param verdict in one of a few fixed phrases
 */
public record SignalEvidence(
    String signal,
    Polarity risky,
    Moments right,
    Moments hallucinated,
    Optional<Double> cohensD,
    Area auroc,
    Area prAuc,
    double prr,
    List<Comparison> comparisons,
    Verdict verdict) {
  /** Copies the list. */
  public SignalEvidence {
    comparisons = List.copyOf(comparisons);
  }
}
