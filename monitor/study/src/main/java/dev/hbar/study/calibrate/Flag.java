package dev.hbar.study.calibrate;

import dev.hbar.monitor.signal.Polarity;
import dev.hbar.study.scores.ScoreColumns;
import dev.hbar.study.statistics.PrecisionRecall;
import dev.hbar.study.statistics.Ranking;

/**
 * The rule that flags a sample as a hallucination by one signal.
 *
 * @param signal name of the column
 * @param risky which side of the threshold is flagged, the threshold included
 * @param tau the threshold, in units of the signal
 */
record Flag(String signal, Polarity risky, double tau) {
  /** The study wants nine of ten hallucinations flagged. */
  static final double LEAST_RECALL = 0.9;

  /**
   * A rule with the precision it has on the samples it was found on.
   *
   * @param flag the rule
   * @param precision share of hallucinated answers among the flagged
   */
  record Found(Flag flag, double precision) {}

  /** The rule of highest precision among those that flag nine of ten hallucinations. */
  static Found best(ScoreColumns columns, String signal, Polarity risky) {
    double[] oriented = risky.orient(columns.column(signal));
    PrecisionRecall.Point point =
        PrecisionRecall.of(new Ranking(oriented, columns.labels()).counts())
            .mostPreciseWithRecall(LEAST_RECALL);
    return new Found(new Flag(signal, risky, risky.orient(point.threshold())), point.precision());
  }

  /** For every sample whether it is flagged. */
  boolean[] flags(ScoreColumns columns) {
    double[] values = columns.column(signal);
    boolean[] flags = new boolean[values.length];
    for (int i = 0; i < flags.length; i++) {
      flags[i] = risky.flags(values[i], tau);
    }
    return flags;
  }
}
