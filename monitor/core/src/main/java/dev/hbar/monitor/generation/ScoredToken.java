package dev.hbar.monitor.generation;

import java.util.List;

/**
 * A token of a given text and what the model thought of it there.
 *
 * @param id its id
 * @param text what it reads on its own
 * @param logProbability natural logarithm of its probability
 * @param entropy of the distribution it was taken from, nats
 * @param rank how many tokens were likelier; 0 for the one that greedy decoding takes
 * @param alternatives the likeliest tokens there, most likely first; empty unless asked for
 */
public record ScoredToken(
    int id,
    String text,
    double logProbability,
    double entropy,
    int rank,
    List<GeneratedToken.Alternative> alternatives) {
  /** Copies the list. */
  public ScoredToken {
    alternatives = List.copyOf(alternatives);
  }
}
