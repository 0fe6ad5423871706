package dev.hbar.study.states;

import dev.hbar.monitor.signal.TokenSignals;

/**
 * One token of a given answer.
 *
 * @param logprob natural logarithm of its probability after what stands before it
 * @param rank 1 for the likeliest token
 * @param signals those of a generated token, from the same logits and states
 */
public record TokenScore(double logprob, int rank, TokenSignals signals) {}
