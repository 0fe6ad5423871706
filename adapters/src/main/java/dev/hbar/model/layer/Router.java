package dev.hbar.model.layer;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxOps;
import dev.hbar.mlx.MlxScope;
import java.util.Optional;

/**
 * Chooses experts for every row and says how much each counts, in float32.
 *
 * @param gate scores of all experts, [hidden] to [experts]
 * @param rule from scores to choice
 */
public record Router(Linear gate, Rule rule) {
  /**
   * What was chosen.
   *
   * @param experts uint32 [N, k]
   * @param weights float32 [N, k]
   */
  public record Choice(MlxArray experts, MlxArray weights) {}

  /** x [N, hidden]. */
  Choice choose(MlxScope scope, MlxArray x) {
    MlxOps ops = scope.ops();
    MlxArray input = rule.isExact() ? ops.astype(x, DType.FLOAT32) : x;
    return rule.choose(scope, ops.astype(gate.apply(scope, input), DType.FLOAT32));
  }

  /** From the scores of all experts, float32 [N, experts], to a choice. */
  public sealed interface Rule {
    /** The choice, owned by {@code scope}. */
    Choice choose(MlxScope scope, MlxArray scores);

    /** Whether the scores are computed in float32 whatever the activations are. */
    default boolean isExact() {
      return false;
    }
  }

  /**
   * Softmax over all experts, then the k largest.
   *
   * @param normalised the k weights are divided by their sum
   * @param scale of the weights
   */
  public record SoftmaxFirst(int k, boolean normalised, float scale) implements Rule {
    @Override
    public Choice choose(MlxScope scope, MlxArray scores) {
      MlxArray chosen = largest(scope, scores, k);
      MlxArray p = scope.ops().softmax(scores, -1);
      MlxArray weights = scope.ops().takeAlongAxis(p, chosen, 1);
      return new Choice(
          chosen, scaled(scope, normalised ? shares(scope, weights, 0) : weights, scale));
    }
  }

  /** The k largest scores, then a softmax over them. */
  public record TopFirst(int k) implements Rule {
    @Override
    public Choice choose(MlxScope scope, MlxArray scores) {
      MlxArray chosen = largest(scope, scores, k);
      MlxArray kept = scope.ops().takeAlongAxis(scores, chosen, 1);
      return new Choice(chosen, scope.ops().softmax(kept, -1));
    }
  }

  /** The k largest scores, each worth its sigmoid. */
  public record SigmoidOfTop(int k) implements Rule {
    @Override
    public Choice choose(MlxScope scope, MlxArray scores) {
      MlxArray chosen = largest(scope, scores, k);
      return new Choice(chosen, scope.ops().sigmoid(scope.ops().takeAlongAxis(scores, chosen, 1)));
    }
  }

  /** What a score is worth, and how many of its experts a group of them is judged by. */
  public enum Worth {
    /** Each expert by itself; a group by the sum of its two best. */
    SIGMOID(2) {
      @Override
      MlxArray of(MlxScope scope, MlxArray scores) {
        return scope.ops().sigmoid(scores);
      }
    },
    /** Among all experts; a group by its best. */
    SOFTMAX(1) {
      @Override
      MlxArray of(MlxScope scope, MlxArray scores) {
        return scope.ops().softmax(scores, -1);
      }
    };

    private final int best;

    Worth(int best) {
      this.best = best;
    }

    abstract MlxArray of(MlxScope scope, MlxArray scores);
  }

  /**
   * Chosen inside the best groups, with a correction that does not count in the weights.
   *
   * @param worth of the scores
   * @param correction float32 [experts], added for choosing only
   * @param groups that the experts stand in, in order
   * @param groupsKept groups that experts are chosen from
   * @param normalised the k weights are divided by their sum and {@code epsilon}
   * @param scale of the weights
   */
  public record Grouped(
      Worth worth,
      int k,
      Optional<MlxArray> correction,
      int groups,
      int groupsKept,
      boolean normalised,
      float epsilon,
      float scale)
      implements Rule {
    @Override
    public Choice choose(MlxScope scope, MlxArray scores) {
      MlxOps ops = scope.ops();
      MlxArray share = worth.of(scope, scores);
      MlxArray ranked = correction.isPresent() ? ops.add(share, correction.get()) : share;
      MlxArray open = groupsKept < groups ? inBestGroups(scope, ranked) : ranked;
      MlxArray chosen = largest(scope, open, k);
      MlxArray weights = ops.takeAlongAxis(share, chosen, 1);
      return new Choice(
          chosen, scaled(scope, normalised ? shares(scope, weights, epsilon) : weights, scale));
    }

    @Override
    public boolean isExact() {
      return true;
    }

    private MlxArray inBestGroups(MlxScope scope, MlxArray ranked) {
      MlxOps ops = scope.ops();
      int rows = ranked.dim(0);
      int size = ranked.dim(1) / groups;
      MlxArray table = ops.reshape(ranked, rows, groups, size);
      MlxArray judged = ops.topk(table, Math.min(worth.best, size), -1);
      MlxArray best = largest(scope, ops.sum(judged, -1, false), groupsKept);
      MlxArray open = scope.scalar(0f, DType.FLOAT32);
      MlxArray shut =
          ops.full(
              scope.scalar(Float.NEGATIVE_INFINITY, DType.FLOAT32), DType.FLOAT32, rows, groups);
      MlxArray bars = ops.putAlongAxis(shut, best, ops.broadcastTo(open, rows, groupsKept), 1);
      return ops.reshape(ops.add(table, ops.expandDims(bars, 2)), rows, groups * size);
    }
  }

  /**
   * Phi-3.5's pair: the best expert counts by its share among all that score nearly as well, and
   * the second best by its share among those that score nearly as well as it, without the first.
   *
   * @param jitter what counts as nearly: a relative distance of twice as much
   */
  public record SparseMixer(float jitter) implements Rule {
    @Override
    public Choice choose(MlxScope scope, MlxArray scores) {
      MlxOps ops = scope.ops();
      MlxArray both = largest(scope, scores, 2);
      int rows = scores.dim(0);
      MlxArray first = ops.slice(both, new int[2], new int[] {rows, 1});
      MlxArray second = ops.slice(both, new int[] {0, 1}, new int[] {rows, 2});
      MlxArray never =
          ops.full(scope.scalar(Float.NEGATIVE_INFINITY, DType.FLOAT32), DType.FLOAT32, rows, 1);
      MlxArray others = ops.putAlongAxis(scores, first, never, 1);
      return new Choice(
          both,
          ops.concatenate(
              1, share(scope, scores, scores, first), share(scope, scores, others, second)));
    }

    /** The share of {@code best} among the candidates whose scores are near its own. */
    private MlxArray share(MlxScope scope, MlxArray scores, MlxArray candidates, MlxArray best) {
      MlxOps ops = scope.ops();
      MlxArray most = ops.takeAlongAxis(scores, best, 1);
      MlxArray distance =
          ops.divide(ops.subtract(most, scores), ops.maximum(ops.abs(scores), most));
      MlxArray far = ops.greater(distance, scope.scalar(2 * jitter, DType.FLOAT32));
      MlxArray never = scope.scalar(Float.NEGATIVE_INFINITY, DType.FLOAT32);
      MlxArray near = ops.where(far, never, candidates);
      return ops.takeAlongAxis(ops.softmax(near, -1), best, 1);
    }
  }

  /** The places of the k largest, in falling order; of equal ones the first, on every device. */
  private static MlxArray largest(MlxScope scope, MlxArray scores, int k) {
    MlxOps ops = scope.ops();
    MlxArray order = ops.argsort(ops.negative(scores), -1);
    return ops.slice(order, new int[2], new int[] {scores.dim(0), k});
  }

  private static MlxArray shares(MlxScope scope, MlxArray weights, float epsilon) {
    MlxOps ops = scope.ops();
    MlxArray sum = ops.sum(weights, -1, true);
    return ops.divide(
        weights, epsilon == 0 ? sum : ops.add(sum, scope.scalar(epsilon, DType.FLOAT32)));
  }

  private static MlxArray scaled(MlxScope scope, MlxArray weights, float scale) {
    return scale == 1 ? weights : scope.ops().multiply(weights, scope.scalar(scale, DType.FLOAT32));
  }
}
