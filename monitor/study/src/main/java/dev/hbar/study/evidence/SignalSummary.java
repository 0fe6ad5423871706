package dev.hbar.study.evidence;

import dev.hbar.study.scores.ScoredSignal;
import dev.hbar.study.statistics.Auroc;
import dev.hbar.study.statistics.Moments;
import dev.hbar.study.statistics.Verdict;
import java.util.Optional;

/**
 * What one signal says about a score file.
 *
 * @param signal which one, with its orientation
 * @param right moments over right answers, of the raw signal
 * @param hallucinated moments over hallucinated answers, of the raw signal
 * @param auroc of the oriented signal; empty if a label has no sample
 */
public record SignalSummary(
    ScoredSignal signal, Moments right, Moments hallucinated, Optional<Auroc> auroc) {

  /** Whether the signal tells the labels apart. */
  public Verdict verdict() {
    return auroc.map(Auroc::verdict).orElse(Verdict.UNDEFINED);
  }
}
