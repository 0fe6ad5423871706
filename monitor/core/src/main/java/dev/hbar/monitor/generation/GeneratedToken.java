package dev.hbar.monitor.generation;

import dev.hbar.monitor.signal.TokenSignals;

/**
 * One generated token and what was measured while it was chosen.
 *
 * @param text what became certain with it: empty for an end-of-sequence token and while a character
 *     is incomplete
 * @param risk in (0, 1), by the run's {@link dev.hbar.monitor.risk.HaltPolicy}
 */
public record GeneratedToken(TokenSignals signals, String text, double risk) {}
