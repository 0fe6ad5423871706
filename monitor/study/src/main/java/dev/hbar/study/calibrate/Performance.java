package dev.hbar.study.calibrate;

import dev.hbar.study.scores.ScoreColumns;

/**
 * What a threshold does.
 *
 * @param precision share of hallucinated answers among the flagged; 0 if none is flagged
 * @param recall share of the hallucinated answers that is flagged
 * @param confusionMatrix [[TN, FP], [FN, TP]]
 */
public record Performance(double precision, double recall, int[][] confusionMatrix) {

  static Performance of(ScoreColumns columns, Flag flag) {
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
