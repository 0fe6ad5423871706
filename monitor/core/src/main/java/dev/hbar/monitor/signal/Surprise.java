package dev.hbar.monitor.signal;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxOps;
import dev.hbar.mlx.MlxScope;

/**
 * Surprise of the chosen token: S = -ln clamp(p[x], {@value #PROBABILITY_FLOOR}, 1), p =
 * softmax(z).
 *
 * <p>In nats, in [0, 23.03]. Direction: high = the model found its own token unlikely.
 */
public final class Surprise {
  /** Probabilities below this count as this, so that S stays finite. */
  public static final double PROBABILITY_FLOOR = 1e-10;

  /** The largest surprise, -ln of the floor: 23.03 nats. */
  public static final double MAX = -Math.log(PROBABILITY_FLOOR);

  private Surprise() {}

  /**
   * Surprise of one token.
   *
   * @param logits [vocab], the logits that select the token
   * @param token the chosen id, an index into logits
   * @param step index of the generated token, for the error text
   * @throws NonFiniteException if a logit is NaN or infinite
   */
  public static double of(float[] logits, int token, int step) {
    double chosen = NonFiniteException.requireFiniteLogits(logits, step)[token];
    double others = 0;
    for (int i = 0; i < logits.length; i++) {
      if (i != token) {
        others += Math.exp(logits[i] - chosen);
      }
    }
    // -ln(1 / (1 + others)): near p = 1 the direct -ln(p) loses every digit, log1p keeps them.
    // An overflow of exp ends at the floor, where it belongs.
    return Math.min(MAX, Math.log1p(others));
  }

  /**
   * In the graph, float32 [B]: ln(1 + others / chosen); a chosen token that underflowed to 0 ends
   * at the ceiling.
   */
  static MlxArray of(MlxScope step, TokenDistribution p) {
    MlxOps ops = step.ops();
    MlxArray ratio = ops.divide(p.others(), p.chosen());
    return ops.minimum(ops.log1p(ratio), step.scalar((float) MAX, DType.FLOAT32));
  }
}
