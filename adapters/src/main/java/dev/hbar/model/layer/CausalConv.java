package dev.hbar.model.layer;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxOps;
import dev.hbar.mlx.MlxScope;
import java.util.List;
import java.util.Optional;

/**
 * A convolution of every channel over its last {@code taps} columns; the state holds the {@code
 * taps - 1} before the next one. Summed in float32.
 *
 * @param weight float32 [taps, channels], the newest column's last
 * @param bias float32 [channels]
 */
public record CausalConv(MlxArray weight, Optional<MlxArray> bias) {
  /** What it keeps of its inputs, which are of {@code dtype}. */
  public static RecurrentState.Part tail(int taps, int channels, DType dtype) {
    return new RecurrentState.Part(dtype, List.of(taps - 1, channels));
  }

  /** x [B, T, channels] to float32 [B, T, channels]; the part of the state moves on. */
  MlxArray apply(MlxScope scope, MlxArray x, RecurrentState state, int part, Padding padding) {
    MlxOps ops = scope.ops();
    int rows = x.dim(0);
    int channels = x.dim(2);
    int before = weight.dim(0) - 1;
    int after = before + x.dim(1);
    MlxArray columns = padding.behind(scope, state.array(part), x);
    int[] from = {0, x.dim(1), 0};
    int[] to = {rows, after, channels};
    // A copy: a view would hold all columns for the sake of the last ones.
    state.replace(part, last -> last.ops().contiguous(last.ops().slice(columns, from, to)));
    MlxArray wide = ops.astype(columns, DType.FLOAT32);
    MlxArray sum = x.dim(1) == 1 ? column(scope, wide) : columns(scope, wide, x.dim(1));
    return bias.isPresent() ? ops.add(sum, bias.get()) : sum;
  }

  private MlxArray column(MlxScope scope, MlxArray taps) {
    return scope.ops().sum(scope.ops().multiply(taps, weight), 1, true);
  }

  private MlxArray columns(MlxScope scope, MlxArray all, int count) {
    MlxOps ops = scope.ops();
    int channels = all.dim(2);
    MlxArray sum = null;
    for (int tap = 0; tap < weight.dim(0); tap++) {
      int[] from = {0, tap, 0};
      int[] to = {all.dim(0), tap + count, channels};
      MlxArray factor = ops.slice(weight, new int[] {tap, 0}, new int[] {tap + 1, channels});
      MlxArray product = ops.multiply(ops.slice(all, from, to), factor);
      sum = sum == null ? product : ops.add(sum, product);
    }
    return sum;
  }
}
