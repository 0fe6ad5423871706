package dev.hbar.study.calibrate;

import dev.hbar.study.scores.ScoreColumns;

/**
 * The four ways in which hbar_s and PRI can flag a sample.
 *
 * @param q1 neither flags
 * @param q2 both flag
 * @param q3 PRI only
 * @param q4 hbar_s only
 */
public record Quadrants(Quadrant q1, Quadrant q2, Quadrant q3, Quadrant q4) {

  static Quadrants of(ScoreColumns columns, Flag hbarFlag, Flag priFlag) {
    int[] count = new int[4];
    int[] hallucinated = new int[4];
    boolean[] hbar = hbarFlag.flags(columns);
    boolean[] pri = priFlag.flags(columns);
    for (int i = 0; i < columns.size(); i++) {
      int quadrant = (hbar[i] ? 2 : 0) + (pri[i] ? 1 : 0);
      count[quadrant]++;
      hallucinated[quadrant] += columns.labels()[i];
    }
    Quadrant[] cells = new Quadrant[4];
    for (int q = 0; q < 4; q++) {
      cells[q] = new Quadrant(count[q], count[q] == 0 ? 0 : hallucinated[q] / (double) count[q]);
    }
    return new Quadrants(cells[0], cells[3], cells[1], cells[2]);
  }
}
