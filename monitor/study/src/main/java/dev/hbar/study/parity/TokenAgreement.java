package dev.hbar.study.parity;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How far the model chooses the reference's tokens when every step is fed the reference's token.
 *
 * @param steps number of steps
 * @param equal steps whose most likely token is the reference's
 * @param topFive mean share of the reference's five most likely tokens that are also among ours;
 *     NaN if the reference has no logits
 * @param firstDifference the first step that differs
 */
public record TokenAgreement(
    int steps, int equal, double topFive, Optional<Difference> firstDifference) {
  private static final int TOP = 5;

  /**
   * A step at which the most likely tokens differ.
   *
   * @param gap difference of the reference's logits of the two tokens; near 0 it is a tie
   */
  public record Difference(int step, int ours, int theirs, double gap) {}

  /** The id of the largest logit; of equal ones the lowest id. */
  static int mostLikely(float[] logits) {
    return top(logits).iterator().next();
  }

  /** The ids of the five largest logits, largest first; of equal ones the lowest id. */
  private static Set<Integer> top(float[] logits) {
    Set<Integer> top = new LinkedHashSet<>();
    while (top.size() < Math.min(TOP, logits.length)) {
      int best = -1;
      for (int id = 0; id < logits.length; id++) {
        if (!top.contains(id) && (best < 0 || logits[id] > logits[best])) {
          best = id;
        }
      }
      top.add(best);
    }
    return top;
  }

  /** Counts the agreement step by step. */
  static final class Tally {
    private final List<Difference> differences = new ArrayList<>();
    private int steps;
    private double sharedTop;

    /** Adds a step of a reference that has no logits. */
    void add(int chosen, float[] ours) {
      sharedTop = Double.NaN;
      count(chosen, ours, Double.NaN);
    }

    /**
     * Adds a step.
     *
     * @param chosen the reference's token
     * @param theirs logits of the reference
     */
    void add(int chosen, float[] ours, float[] theirs) {
      Set<Integer> expected = top(theirs);
      Set<Integer> actual = top(ours);
      sharedTop += expected.stream().filter(actual::contains).count() / (double) expected.size();
      count(chosen, ours, theirs[chosen] - theirs[mostLikely(ours)]);
    }

    private void count(int chosen, float[] ours, double gap) {
      int own = mostLikely(ours);
      if (own != chosen) {
        differences.add(new Difference(steps, own, chosen, gap));
      }
      steps++;
    }

    TokenAgreement agreement() {
      return new TokenAgreement(
          steps, steps - differences.size(), sharedTop / steps, differences.stream().findFirst());
    }
  }
}
