package dev.hbar.monitor.generation;

/**
 * A token that could have been chosen.
 *
 * @param id its id
 * @param text what it would have added on its own
 * @param logProbability natural logarithm of its probability, from the logits before any filter
 */
public record Alternative(int id, String text, double logProbability) {}
