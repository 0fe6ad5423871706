package dev.hbar.study.parity;

import java.util.List;

/**
 * A traced greedy generation.
 *
 * @param prompt token ids
 * @param layers number of blocks
 */
public record Trace(int[] prompt, int layers, List<TraceStep> steps) {}
