package dev.hbar.study.evidence;

import dev.hbar.study.statistics.Bootstrap;
import dev.hbar.study.statistics.Reliability;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that is known about the signals of one score file. Every table, plot and verdict is
 * made of this.
 *
 * @param settings of the bootstrap
 * @param samples scored samples
 * @param hallucinated how many of them are labelled 1
 * @param records records they come from
 * @param failed samples without scores; they are in no other figure
 * @param failures error text to the number of samples
 * @param signals in the file's order, the joint probability last if there is one
 * @param tasks the same by task, in the file's order
 * @param correlations of every two signals that vary
 * @param joint reliability of the joint probability, if there is one
 * @param controls for the leakage warning
 * @param warnings what a reader must know before anything else, one line each
 */
public record Evidence(
    Bootstrap.Settings settings,
    int samples,
    int hallucinated,
    int records,
    long failed,
    Map<String, Long> failures,
    List<SignalEvidence> signals,
    List<TaskEvidence> tasks,
    List<Correlation> correlations,
    Optional<Reliability> joint,
    List<Control> controls,
    List<String> warnings) {
  /**
   * How two signals go together over all samples, labels ignored.
   *
   * @param first a signal
   * @param second another signal
   * @param pearson linear correlation of the raw values
   * @param spearman correlation of their ranks
   */
  public record Correlation(String first, String second, double pearson, double spearman) {}

  /** The evidence on one signal, if the file has it. */
  public Optional<SignalEvidence> signal(String name) {
    return signals.stream().filter(one -> one.signal().equals(name)).findFirst();
  }

  /** The evidence of several models on one question, with their p values corrected together. */
  public static List<Evidence> together(List<Evidence> models) {
    return SignalComparisons.corrected(models);
  }

  boolean isShownToBeChance(String name) {
    return signal(name)
        .map(one -> Judgement.isWithinMargin(one.comparisons().getFirst().difference()))
        .orElse(false);
  }

  Evidence with(List<SignalEvidence> judged) {
    return new Evidence(
        settings,
        samples,
        hallucinated,
        records,
        failed,
        failures,
        judged,
        tasks,
        correlations,
        joint,
        controls,
        warnings);
  }
}
