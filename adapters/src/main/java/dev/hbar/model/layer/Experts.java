package dev.hbar.model.layer;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxOps;
import dev.hbar.mlx.MlxScope;
import dev.hbar.model.capture.BlockPart;
import dev.hbar.model.capture.BlockTap;
import java.util.Optional;

/**
 * A mixture of experts: each token goes through the few that the router chooses, and where there is
 * one through an expert that all share.
 */
public record Experts(Router router, ExpertMlp experts, Weighed weighed, Optional<Shared> shared)
    implements ChannelMixer {
  /** What a weight is multiplied by. */
  public enum Weighed {
    /** What its expert gives. */
    ANSWER,
    /** What its expert gets. */
    INPUT
  }

  /**
   * The expert of every token.
   *
   * @param gate [hidden] to one number, whose sigmoid its output is multiplied by
   */
  public record Shared(ChannelMixer mlp, Optional<Linear> gate) {
    private MlxArray apply(MlxScope scope, MlxArray x) {
      MlxArray y = mlp.apply(scope, x, BlockTap.NONE);
      return gate.isEmpty()
          ? y
          : scope.ops().multiply(y, scope.ops().sigmoid(gate.get().apply(scope, x)));
    }
  }

  @Override
  public MlxArray apply(MlxScope scope, MlxArray x, BlockTap tap) {
    MlxOps ops = scope.ops();
    int[] shape = x.shape();
    int width = shape[shape.length - 1];
    MlxArray rows = ops.reshape(x, shape[0] * shape[1], width);
    Router.Choice choice = shown(scope, router.choose(scope, rows), shape, tap);
    MlxArray weighted =
        weighed == Weighed.INPUT
            ? answersToWeighed(scope, rows, choice)
            : weighedAnswers(scope, rows, choice);
    MlxArray y = ops.reshape(ops.astype(ops.sum(weighted, 1, false), x.dtype()), shape);
    return shared.isPresent() ? ops.add(y, shared.get().apply(scope, x)) : y;
  }

  private MlxArray weighedAnswers(MlxScope scope, MlxArray rows, Router.Choice choice) {
    MlxArray each = scope.ops().astype(experts.apply(scope, rows, choice.experts()), DType.FLOAT32);
    return scope.ops().multiply(each, scope.ops().expandDims(choice.weights(), 2));
  }

  /** Each expert gets a row of its own: x [N, hidden] to float32 [N, k, hidden]. */
  private MlxArray answersToWeighed(MlxScope scope, MlxArray rows, Router.Choice choice) {
    MlxOps ops = scope.ops();
    int count = rows.dim(0);
    int width = rows.dim(1);
    int each = choice.experts().dim(1);
    MlxArray weights = ops.astype(ops.expandDims(choice.weights(), 2), rows.dtype());
    MlxArray inputs = ops.multiply(ops.expandDims(rows, 1), weights);
    MlxArray chosen = ops.reshape(choice.experts(), count * each, 1);
    MlxArray answers = experts.apply(scope, ops.reshape(inputs, count * each, width), chosen);
    return ops.astype(ops.reshape(answers, count, each, width), DType.FLOAT32);
  }

  /** The choice as [B, T, k] for a tap, and what it gave back. */
  private static Router.Choice shown(
      MlxScope scope, Router.Choice choice, int[] shape, BlockTap tap) {
    if (tap == BlockTap.NONE) {
      return choice;
    }
    return new Router.Choice(
        shown(scope, BlockPart.EXPERTS, choice.experts(), shape, tap),
        shown(scope, BlockPart.EXPERT_WEIGHTS, choice.weights(), shape, tap));
  }

  private static MlxArray shown(
      MlxScope scope, BlockPart part, MlxArray x, int[] shape, BlockTap tap) {
    int k = x.dim(1);
    MlxArray wide = scope.ops().reshape(x, shape[0], shape[1], k);
    return scope.ops().reshape(tap.pass(scope, part, wide), shape[0] * shape[1], k);
  }
}
