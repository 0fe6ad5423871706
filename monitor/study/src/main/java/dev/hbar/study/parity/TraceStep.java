package dev.hbar.study.parity;

import dev.hbar.monitor.signal.TokenSignals;

/**
 * Everything about one generated token, float32.
 *
 * @param logits [vocabulary]
 * @param blocks [layers * hidden], raw block outputs at the last position
 * @param finalNorm [hidden], the state after the final norm
 */
public record TraceStep(TokenSignals signals, float[] logits, float[] blocks, float[] finalNorm) {}
