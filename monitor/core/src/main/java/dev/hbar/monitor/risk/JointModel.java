package dev.hbar.monitor.risk;

/**
 * The joint probability of a hallucination: 1 / (1 + exp(-(w_hbar hbar + w_pri pri + intercept))).
 *
 * @param wHbar weight of hbar_s
 * @param wPri weight of PRI
 * @param intercept not penalized
 */
public record JointModel(double wHbar, double wPri, double intercept) {
  /** Refuses weights that would make every probability NaN. */
  public JointModel {
    if (!Double.isFinite(wHbar + wPri + intercept)) {
      throw new IllegalArgumentException("the joint model's weights must be finite");
    }
  }

  /** Probability that the answer is hallucinated, in [0, 1]. */
  public double probability(double hbar, double pri) {
    return 1 / (1 + Math.exp(-(wHbar * hbar + wPri * pri + intercept)));
  }
}
