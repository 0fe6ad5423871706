package dev.hbar.study.parity;

import java.util.Optional;

/**
 * How the choices agree, every step after the reference's own tokens.
 *
 * @param steps number of steps
 * @param equal steps whose most likely token is the reference's
 * @param topFive mean share of the reference's five most likely tokens that are among ours
 * @param firstDifference the first step that differs
 */
public record TokenAgreement(
    int steps, int equal, double topFive, Optional<Difference> firstDifference) {
  /**
   * A step with another most likely token.
   *
   * @param gap how far the reference's logits of the two tokens are apart: near 0 is a tie
   */
  public record Difference(int step, int ours, int theirs, double gap) {}
}
