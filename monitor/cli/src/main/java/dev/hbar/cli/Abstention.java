package dev.hbar.cli;

import dev.hbar.monitor.detect.Detector;
import dev.hbar.monitor.generation.GenerationResult;
import dev.hbar.monitor.signal.Signal;
import dev.hbar.monitor.signal.TokenSignals;
import java.util.Locale;

/**
 * Selective generation: an answer is kept back if the detector's probability over all of it is too
 * high.
 *
 * @param above the probability above which it is
 * @param probability of this answer; 1 for one that the detector has not seen a token of
 */
record Abstention(double above, double probability) {
  /** The decision on an answer. */
  static Abstention of(GenerationResult result, double above) {
    Double logOdds = TokenSignals.scores(result.signals()).get(Signal.DETECTOR);
    return new Abstention(above, logOdds == null ? 1 : Detector.probability(logOdds));
  }

  boolean abstains() {
    return probability > above;
  }

  /** The decision in words. */
  String words() {
    return String.format(
        Locale.ROOT,
        "%s: the detector gives the answer %.3f, %s %s",
        abstains() ? "abstained" : "answered",
        probability,
        abstains() ? "above" : "not above",
        above);
  }
}
