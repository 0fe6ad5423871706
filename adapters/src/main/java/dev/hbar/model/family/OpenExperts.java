package dev.hbar.model.family;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxOps;
import dev.hbar.mlx.MlxScope;
import dev.hbar.model.checkpoint.WeightStore;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Experts as gpt-oss was first published: the rows of gate and up take turns, and weights are
 * either blocks of mxfp4 codes with their scales or matrices [in, out].
 */
final class OpenExperts {
  private OpenExperts() {}

  /** Puts what lies below {@code own} under the names, and in the order, of MLX's checkpoints. */
  static void settle(WeightStore weights, String own) {
    String both = own + ".experts.gate_up_proj";
    String gate = own + ".experts.gate_proj";
    String up = own + ".experts.up_proj";
    String down = own + ".experts.down_proj";
    if (!weights.has(both + "_bias")) {
      return;
    }
    if (weights.has(both + "_blocks")) {
      weights.rearrange(
          both + "_blocks",
          List.of(gate + ".weight", up + ".weight"),
          (scope, x) -> inTurns(scope, words(scope, x)));
      weights.rearrange(
          both + "_scales", List.of(gate + ".scales", up + ".scales"), OpenExperts::inTurns);
      weights.rearrange(
          down + "_blocks", List.of(down + ".weight"), (scope, x) -> List.of(words(scope, x)));
      weights.rearrange(down + "_scales", List.of(down + ".scales"), (scope, x) -> List.of(x));
    } else {
      weights.rearrange(
          both,
          List.of(gate + ".weight", up + ".weight"),
          (scope, x) -> inTurns(scope, scope.ops().swapaxes(x, 1, 2)));
      weights.rearrange(
          down,
          List.of(down + ".weight"),
          (scope, x) -> List.of(scope.ops().contiguous(scope.ops().swapaxes(x, 1, 2))));
    }
    weights.rearrange(both + "_bias", List.of(gate + ".bias", up + ".bias"), OpenExperts::inTurns);
    weights.rearrange(down + "_bias", List.of(down + ".bias"), (scope, x) -> List.of(x));
  }

  /** Bytes [E, rows, groups, 16] as words [E, rows, groups * 4]. */
  private static MlxArray words(MlxScope scope, MlxArray blocks) {
    MlxOps ops = scope.ops();
    MlxArray words = ops.view(blocks, DType.UINT32);
    return ops.reshape(words, words.dim(0), words.dim(1), words.dim(2) * words.dim(3));
  }

  /** The even and the odd rows of x [E, rows, ...]. */
  private static List<MlxArray> inTurns(MlxScope scope, MlxArray x) {
    return List.of(everySecond(scope, x, 0), everySecond(scope, x, 1));
  }

  private static MlxArray everySecond(MlxScope scope, MlxArray x, int first) {
    int[] rows = IntStream.range(0, x.dim(1) / 2).map(i -> 2 * i + first).toArray();
    return scope.ops().take(x, scope.ints(rows, rows.length), 1);
  }
}
