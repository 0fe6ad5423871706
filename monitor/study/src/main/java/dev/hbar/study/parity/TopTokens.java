package dev.hbar.study.parity;

import java.util.LinkedHashSet;
import java.util.Set;

/** The most likely tokens of a row of logits. */
final class TopTokens {
  static final int COUNT = 5;

  private TopTokens() {}

  /** The ids of the five largest logits, largest first; of equal ones the lowest id. */
  static Set<Integer> of(float[] logits) {
    Set<Integer> top = new LinkedHashSet<>();
    while (top.size() < Math.min(COUNT, logits.length)) {
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

  static int first(float[] logits) {
    return of(logits).iterator().next();
  }

  /** Share of the reference's five that are among ours. */
  static double shared(Set<Integer> reference, Set<Integer> actual) {
    return reference.stream().filter(actual::contains).count() / (double) reference.size();
  }
}
