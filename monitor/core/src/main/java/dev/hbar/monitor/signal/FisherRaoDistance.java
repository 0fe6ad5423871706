package dev.hbar.monitor.signal;

/**
 * Fisher-Rao distance from the uniform distribution, negated: -(2 / pi) arccos sum sqrt(q / V), q =
 * softmax(z / 2), see {@link UniformOverlap}.
 *
 * <p>Dimensionless, in (-1, 0]. Direction: high (near 0) = close to uniform. lm-polygraph's
 * FisherRao is the distance itself.
 */
public final class FisherRaoDistance {
  private FisherRaoDistance() {}

  /**
   * The negated distance of one token.
   *
   * @param overlap in (0, 1]; rounding may leave it a few ulp above
   */
  public static double of(double overlap) {
    return -2 / Math.PI * Math.acos(Math.min(1, overlap));
  }
}
