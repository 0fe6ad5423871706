package dev.hbar.calibrate;

import dev.hbar.evaluate.Evidence;
import dev.hbar.evaluate.ScoreColumns;
import java.util.stream.IntStream;

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

  /** The score columns with the joint probability as a further one. */
  public ScoreColumns addTo(ScoreColumns columns) {
    double[] hbar = columns.column("hbar");
    double[] pri = columns.column("pri");
    return columns.with(
        Evidence.JOINT,
        IntStream.range(0, hbar.length).mapToDouble(i -> probability(hbar[i], pri[i])).toArray());
  }
}
