package dev.hbar.monitor.signal;

/**
 * Renyi divergence of order 0.5 from the uniform distribution, negated: -D = 2 ln sum sqrt(q / V),
 * q = softmax(z / 2), see {@link UniformOverlap}.
 *
 * <p>In nats, in [-ln V, 0]. Direction: high (near 0) = close to uniform. lm-polygraph's RenyiNeg
 * adds ln V where the divergence subtracts it: it is D - 2 ln V.
 */
public final class RenyiDivergence {
  private RenyiDivergence() {}

  /**
   * -D of one token.
   *
   * @param overlap in (0, 1]
   */
  public static double of(double overlap) {
    return 2 * Math.log(overlap);
  }
}
