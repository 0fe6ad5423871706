package dev.hbar.study.evidence;

import dev.hbar.study.scores.SampleScore;
import dev.hbar.study.scores.SampleScore.Scored;
import dev.hbar.study.scores.ScoredSignal;
import dev.hbar.study.statistics.DeLong;
import dev.hbar.study.statistics.Moments;
import java.util.List;

/** One signal's values by label; failed samples are left out. The arrays are not to be changed. */
public final class SignalValues {
  private final ScoredSignal signal;
  private final double[] right;
  private final double[] hallucinated;

  /** The values of one signal in these scores. */
  public SignalValues(ScoredSignal signal, List<SampleScore> scores) {
    this.signal = signal;
    this.right = values(signal, scores, 0);
    this.hallucinated = values(signal, scores, 1);
  }

  /** The signal. */
  public ScoredSignal signal() {
    return signal;
  }

  /** Values of right answers, in the file's order. */
  public double[] right() {
    return right;
  }

  /** Values of hallucinated answers, in the file's order. */
  public double[] hallucinated() {
    return hallucinated;
  }

  /** Moments and AUROC, oriented as the signal says. */
  public SignalSummary summary() {
    return new SignalSummary(
        signal,
        Moments.of(right),
        Moments.of(hallucinated),
        DeLong.of(signal.polarity().orient(hallucinated), signal.polarity().orient(right)));
  }

  private static double[] values(ScoredSignal signal, List<SampleScore> scores, int label) {
    return scores.stream()
        .filter(score -> score.label() == label && score instanceof Scored)
        .mapToDouble(score -> signal.of((Scored) score))
        .toArray();
  }
}
