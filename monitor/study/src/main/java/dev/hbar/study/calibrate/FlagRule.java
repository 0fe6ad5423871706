package dev.hbar.study.calibrate;

import dev.hbar.monitor.signal.Polarity;
import dev.hbar.study.scores.ScoreColumns;
import dev.hbar.study.statistics.Ranking;
import dev.hbar.study.statistics.ThresholdCounts.PrecisionRecall;

/**
 * The rule that flags a sample as a hallucination by one signal.
 *
 * @param signal name of the column
 * @param risky which side of the threshold is flagged, the threshold included
 * @param tau the threshold, in units of the signal
 */
public record FlagRule(String signal, Polarity risky, double tau) {
  /**
   * The four ways in which hbar_s and PRI can flag a sample.
   *
   * @param q1 neither flags
   * @param q2 both flag
   * @param q3 PRI only
   * @param q4 hbar_s only
   */
  public record Quadrants(Cell q1, Cell q2, Cell q3, Cell q4) {
    /**
     * The samples on which the two flags agree or differ in one way.
     *
     * @param count number of them
     * @param hallucinationRate share of hallucinated answers, 0 if there are none
     */
    public record Cell(int count, double hallucinationRate) {}

    static Quadrants of(ScoreColumns columns, FlagRule hbarFlag, FlagRule priFlag) {
      int[] count = new int[4];
      int[] hallucinated = new int[4];
      boolean[] hbar = hbarFlag.flags(columns);
      boolean[] pri = priFlag.flags(columns);
      for (int i = 0; i < columns.size(); i++) {
        int quadrant = (hbar[i] ? 2 : 0) + (pri[i] ? 1 : 0);
        count[quadrant]++;
        hallucinated[quadrant] += columns.labels()[i];
      }
      Cell[] cells = new Cell[4];
      for (int q = 0; q < 4; q++) {
        cells[q] = new Cell(count[q], count[q] == 0 ? 0 : hallucinated[q] / (double) count[q]);
      }
      return new Quadrants(cells[0], cells[3], cells[1], cells[2]);
    }
  }

  /**
   * Precision and recall of a rule on some samples.
   *
   * @param precision share of hallucinated answers among the flagged; 0 if none is flagged
   * @param recall share of the hallucinated answers that is flagged
   * @param confusionMatrix [[TN, FP], [FN, TP]]
   */
  public record Performance(double precision, double recall, int[][] confusionMatrix) {

    static Performance of(ScoreColumns columns, FlagRule flag) {
      int[][] matrix = new int[2][2];
      boolean[] flags = flag.flags(columns);
      for (int i = 0; i < flags.length; i++) {
        matrix[columns.labels()[i]][flags[i] ? 1 : 0]++;
      }
      int hits = matrix[1][1];
      int flagged = hits + matrix[0][1];
      int hallucinated = hits + matrix[1][0];
      return new Performance(
          flagged == 0 ? 0 : hits / (double) flagged,
          hallucinated == 0 ? 0 : hits / (double) hallucinated,
          matrix);
    }
  }

  /** The study wants nine of ten hallucinations flagged. */
  static final double LEAST_RECALL = 0.9;

  /**
   * A rule with the precision it has on the samples it was found on.
   *
   * @param flag the rule
   * @param precision share of hallucinated answers among the flagged
   */
  record Found(FlagRule flag, double precision) {}

  /** The rule of highest precision among those that flag nine of ten hallucinations. */
  static Found best(ScoreColumns columns, String signal, Polarity risky) {
    double[] oriented = risky.orient(columns.column(signal));
    PrecisionRecall.Point point =
        PrecisionRecall.of(new Ranking(oriented, columns.labels()).counts())
            .mostPreciseWithRecall(LEAST_RECALL);
    return new Found(
        new FlagRule(signal, risky, risky.orient(point.threshold())), point.precision());
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
