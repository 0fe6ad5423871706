package dev.hbar.model.layer;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxOps;
import dev.hbar.mlx.MlxScope;
import dev.hbar.model.capture.BlockPart;
import dev.hbar.model.capture.BlockTap;

/**
 * A dense MLP and a mixture of experts side by side, each with norms of its own, both of the raw
 * stream, which the router reads too.
 *
 * @param dense the MLP with its norms
 * @param routerNorm of what the router reads
 * @param expertScale float32 [experts], a factor on each expert's weight
 * @param expertNorms around the experts
 */
public record DenseBesideExperts(
    DecoderBlock.Norms denseNorms,
    ChannelMixer dense,
    Norm routerNorm,
    Router router,
    MlxArray expertScale,
    DecoderBlock.Norms expertNorms,
    ExpertMlp experts)
    implements ChannelMixer {
  @Override
  public MlxArray apply(MlxScope scope, MlxArray x, BlockTap tap) {
    MlxArray first = dense.apply(scope, denseNorms.before().apply(scope, x), tap);
    MlxArray second = mixed(scope, x, tap);
    return scope
        .ops()
        .add(denseNorms.after().apply(scope, first), expertNorms.after().apply(scope, second));
  }

  private MlxArray mixed(MlxScope scope, MlxArray x, BlockTap tap) {
    MlxOps ops = scope.ops();
    int[] shape = x.shape();
    MlxArray rows = ops.reshape(x, shape[0] * shape[1], shape[2]);
    Router.Choice choice = router.choose(scope, routerNorm.apply(scope, rows));
    MlxArray weights = ops.multiply(choice.weights(), ops.take(expertScale, choice.experts(), 0));
    int k = weights.dim(1);
    tap.pass(scope, BlockPart.EXPERTS, ops.reshape(choice.experts(), shape[0], shape[1], k));
    tap.pass(scope, BlockPart.EXPERT_WEIGHTS, ops.reshape(weights, shape[0], shape[1], k));
    MlxArray each = experts.apply(scope, expertNorms.before().apply(scope, rows), choice.experts());
    MlxArray weighted = ops.multiply(ops.astype(each, DType.FLOAT32), ops.expandDims(weights, 2));
    return ops.reshape(ops.astype(ops.sum(weighted, 1, false), x.dtype()), shape);
  }
}
