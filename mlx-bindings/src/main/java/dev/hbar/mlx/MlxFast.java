package dev.hbar.mlx;

import dev.hbar.mlx.internal.FastCalls;
import java.util.Optional;

/** MLX's fused kernels. Results belong to the scope this was taken from. Owner thread only. */
public final class MlxFast {
  private static final float MAX_EPS = 1e-2f;
  private final MlxScope scope;

  MlxFast(MlxScope scope) {
    this.scope = scope;
  }

  /** RMS norm over the last axis: x [..., D], weight [D] in x's dtype, 0 &lt; eps &lt; 1e-2. */
  public MlxArray rmsNorm(MlxArray x, MlxArray weight, float eps) {
    if (!(eps > 0 && eps < MAX_EPS)) {
      throw new IllegalArgumentException("eps must be in (0, 1e-2): " + eps);
    }
    return scope.adopt(FastCalls.rmsNorm(x.handle(), weight.handle(), eps));
  }

  /**
   * Rotary embedding of x [B, H, T, D] from position {@code offset}, frequencies from {@code base}.
   */
  public MlxArray rope(
      MlxArray x, int dims, boolean traditional, float base, float scale, int offset) {
    return scope.adopt(FastCalls.rope(x.handle(), dims, traditional, base, scale, offset));
  }

  /** The same with explicit periods [dims/2], which are 1/inverse frequency, not frequency. */
  public MlxArray rope(
      MlxArray x, int dims, boolean traditional, MlxArray periods, float scale, int offset) {
    return scope.adopt(
        FastCalls.rope(x.handle(), dims, traditional, periods.handle(), scale, offset));
  }

  /**
   * The same with a first position for every row of the batch: offsets int32 [B]; base or periods,
   * not both.
   */
  public MlxArray rope(
      MlxArray x,
      int dims,
      boolean traditional,
      Optional<Float> base,
      float scale,
      MlxArray offsets,
      Optional<MlxArray> periods) {
    return scope.adopt(
        FastCalls.rope(
            x.handle(),
            dims,
            traditional,
            base,
            scale,
            offsets.handle(),
            periods.map(MlxArray::handle)));
  }

  private static void requireHeads(MlxArray x) {
    int[] shape = x.shape();
    if (shape.length != 4 || shape[1] == 0) {
      throw new IllegalArgumentException(
          "keys and values must be [batch, heads, length, size] with heads: " + x);
    }
  }

  /**
   * Attention: q [B, Hq, Tq, D], k and v [B, Hkv, Tk, D] with Hq a multiple of Hkv; result [B, Hq,
   * Tq, D].
   *
   * @throws IllegalArgumentException without heads: MLX divides by their number
   */
  public MlxArray scaledDotProductAttention(
      MlxArray q, MlxArray k, MlxArray v, float scale, Mask mask) {
    requireHeads(k);
    requireHeads(v);
    return scope.adopt(
        switch (mask) {
          case Mask.None none ->
              FastCalls.attention(q.handle(), k.handle(), v.handle(), scale, "", Optional.empty());
          case Mask.Causal causal ->
              FastCalls.attention(
                  q.handle(), k.handle(), v.handle(), scale, "causal", Optional.empty());
          case Mask.Additive additive ->
              FastCalls.attention(
                  q.handle(),
                  k.handle(),
                  v.handle(),
                  scale,
                  "array",
                  Optional.of(additive.mask().handle()));
        });
  }
}
