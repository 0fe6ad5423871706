package dev.hbar.monitor.generation;

/**
 * A token of a given text and what the model thought of it there.
 *
 * @param id its id
 * @param text what it reads on its own
 * @param logProbability natural logarithm of its probability
 * @param entropy of the distribution it was taken from, nats
 * @param rank how many tokens were likelier; 0 for the one that greedy decoding takes
 */
public record ScoredToken(int id, String text, double logProbability, double entropy, int rank) {}
