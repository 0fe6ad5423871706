package dev.hbar.monitor.signal;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxOps;
import dev.hbar.mlx.MlxScope;
import java.util.Arrays;

/**
 * BoostedProb, negated. With p = softmax(z) in descending order, the dominant tokens are those up
 * to the last one whose drop to the next, p_i - p_(i+1), is above {@value #RELATIVE_DROP} p_i and
 * above {@value #LEAST_DROP}. The boosted probability of a dominant token is the sum over all of
 * them, that of another token is its own.
 *
 * <p>Dimensionless, in [-1, 0]. Direction: high (near 0) = the token is neither likely nor among
 * several good ones. lm-polygraph's BoostedProbSequence.
 */
public final class BoostedProbability {
  /** Least drop as a share of the probability before it. */
  public static final float RELATIVE_DROP = 0.3f;

  /** Least drop. */
  public static final float LEAST_DROP = 0.005f;

  private BoostedProbability() {}

  /**
   * The negated boosted probability of one token.
   *
   * @param logits [vocab], at least two
   * @param token the chosen id, an index into logits
   * @param step index of the generated token, for the error text
   * @throws NonFiniteException if a logit is NaN or infinite
   */
  public static double of(float[] logits, int token, int step) {
    double[] p = Softmax.of(NonFiniteException.requireFiniteLogits(logits, step));
    double[] ascending = p.clone();
    Arrays.sort(ascending);
    double least = Double.POSITIVE_INFINITY;
    for (int i = ascending.length - 1; i > 0; i--) {
      double drop = ascending[i] - ascending[i - 1];
      if (drop > RELATIVE_DROP * ascending[i] && drop > LEAST_DROP) {
        least = ascending[i];
      }
    }
    double bound = least;
    return p[token] >= bound ? -Arrays.stream(p).filter(each -> each >= bound).sum() : -p[token];
  }

  /**
   * In the graph, float32 [B]. Fewer than 200 tokens can be above the least drop, so the likeliest
   * ones decide.
   */
  static MlxArray of(MlxScope step, TokenDistribution p, LikeliestTokens likeliest) {
    MlxOps ops = step.ops();
    MlxArray all = likeliest.ascending();
    MlxArray upper = likeliest.last(step, likeliest.count() - 1);
    MlxArray lower =
        ops.slice(all, new int[] {0, 0}, new int[] {all.dim(0), likeliest.count() - 1});
    MlxArray drop = ops.subtract(upper, lower);
    MlxArray relative = ops.multiply(upper, step.scalar(RELATIVE_DROP, DType.FLOAT32));
    MlxArray least = step.scalar(LEAST_DROP, DType.FLOAT32);
    MlxArray cut = ops.logicalAnd(ops.greater(drop, relative), ops.greater(drop, least));
    MlxArray none = step.scalar(Float.POSITIVE_INFINITY, DType.FLOAT32);
    MlxArray bound = ops.min(ops.where(cut, upper, none), -1, true);
    MlxArray nothing = step.scalar(0f, DType.FLOAT32);
    MlxArray dominant =
        VocabularySum.of(step, ops.where(ops.greaterEqual(all, bound), all, nothing));
    MlxArray own = ops.divide(p.chosen(), p.total(step));
    MlxArray isDominant = ops.greaterEqual(own, ops.squeeze(bound, 1));
    return ops.negative(ops.where(isDominant, dominant, own));
  }
}
