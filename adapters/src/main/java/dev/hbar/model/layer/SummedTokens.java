package dev.hbar.model.layer;

import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxGroup;
import dev.hbar.mlx.MlxScope;
import dev.hbar.model.capture.BlockTap;

/**
 * A token mixer whose heads are spread over processes: each has some, and the answers add up.
 *
 * @param part this process's heads; what a tap sees inside are these
 */
public record SummedTokens(TokenMixer part, MlxGroup group) implements TokenMixer {
  @Override
  public MlxArray apply(
      MlxScope scope, MlxArray x, KvCache cache, int layerIndex, StepPlan plan, BlockTap tap) {
    MlxArray own = part.apply(scope, x, cache, layerIndex, plan, tap);
    return scope.distributed().allSum(own, group);
  }

  @Override
  public boolean writesScores() {
    return part.writesScores();
  }

  @Override
  public boolean isAlike(SequenceLength one, SequenceLength other) {
    return part.isAlike(one, other);
  }
}
