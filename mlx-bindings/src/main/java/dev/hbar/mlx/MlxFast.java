package dev.hbar.mlx;

import dev.hbar.mlx.internal.ArrayHandle;
import dev.hbar.mlx.internal.Binary;
import dev.hbar.mlx.internal.FastCalls;
import dev.hbar.mlx.internal.OwnOps;
import java.util.Optional;

/**
 * MLX's fused kernels. On a CPU MLX composes each of them from single operations; where {@link
 * #hasCpuKernels} float32 arrays go to hbar's own instead. Results belong to the scope this was
 * taken from. Owner thread only.
 */
public final class MlxFast {
  private static final float MAX_EPS = 1e-2f;
  private final MlxScope scope;

  MlxFast(MlxScope scope) {
    this.scope = scope;
  }

  /**
   * Whether norm, rope, attention, {@link #gated} and {@link #softmaxSums} have kernels on this
   * machine's CPU: on x86-64 with AVX2, where set-up built libmlxc. Any thread, once MLX is loaded.
   */
  public static boolean hasCpuKernels() {
    return OwnOps.hasFast();
  }

  /** The functions of {@link #gated}. */
  public enum Gate {
    /** x sigmoid(x). */
    SILU,
    /** x Phi(x) by its approximation x sigmoid(2 sqrt(2/pi) (x + 0.044715 x^3)). */
    GELU_TANH
  }

  /**
   * gate(x) * up, elementwise, both of one shape, in one pass.
   *
   * @throws IllegalStateException unless {@link #hasCpuKernels}
   */
  public MlxArray gated(Gate gate, MlxArray x, MlxArray up) {
    if (!hasCpuKernels()) {
      throw new IllegalStateException("this libmlxc has no kernel for gates on this machine");
    }
    return scope.adopt(FastCalls.gated(x.handle(), up.handle(), gate.ordinal()));
  }

  /**
   * What softmax(logits) gives of each row and its chosen token x, float32 [B, 7]. With d = z - max
   * z and e = exp(d): the shift d[x]; the sums of e and of e^2 over the tokens not chosen; the sums
   * over all tokens of e d, e^(1/4) and e^(1/2); the mean of d. Summed in double, in one pass; the
   * answer does not depend on the number of threads.
   *
   * @param logits float32 [B, V]
   * @param tokens int32 or uint32 [B]; one outside the vocabulary gives NaN
   * @throws IllegalStateException unless {@link #hasCpuKernels} and the device is a CPU
   */
  public MlxArray softmaxSums(MlxArray logits, MlxArray tokens) {
    if (!hasCpuKernels() || Mlx.device() != Device.CPU) {
      throw new IllegalStateException("there is no kernel for sums of a softmax on this device");
    }
    return scope.adopt(FastCalls.softmaxSums(logits.handle(), tokens.handle()));
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
    return turned(x, FastCalls.rope(x.handle(), dims, traditional, base, scale, offset));
  }

  /** The same with explicit periods [dims/2], which are 1/inverse frequency, not frequency. */
  public MlxArray rope(
      MlxArray x, int dims, boolean traditional, MlxArray periods, float scale, int offset) {
    return turned(
        x, FastCalls.rope(x.handle(), dims, traditional, periods.handle(), scale, offset));
  }

  private MlxArray turned(MlxArray x, ArrayHandle result) {
    return scope.adopt(result).shaped(x.dims());
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
    int[] shape = x.dims();
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
    return scaledDotProductAttention(q, k, v, scale, mask, Optional.empty());
  }

  /**
   * The same with sinks [Hq] in q's dtype: a logit for each head that takes a share of the softmax
   * and has no value.
   */
  public MlxArray scaledDotProductAttention(
      MlxArray q, MlxArray k, MlxArray v, float scale, Mask mask, Optional<MlxArray> sinks) {
    requireHeads(k);
    requireHeads(v);
    String mode =
        switch (mask) {
          case Mask.None none -> "";
          case Mask.Causal causal -> "causal";
          case Mask.Additive additive -> "array";
        };
    Optional<MlxArray> array =
        mask instanceof Mask.Additive additive ? Optional.of(additive.mask()) : Optional.empty();
    return scope.adopt(
        FastCalls.attention(
            q.handle(),
            k.handle(),
            v.handle(),
            scale,
            mode,
            array.map(MlxArray::handle),
            sinks.map(MlxArray::handle)));
  }

  /** Layer norm over the last axis: x [..., D], weight and bias [D] where present. */
  public MlxArray layerNorm(
      MlxArray x, Optional<MlxArray> weight, Optional<MlxArray> bias, float eps) {
    return scope.adopt(
        FastCalls.layerNorm(
            x.handle(), weight.map(MlxArray::handle), bias.map(MlxArray::handle), eps));
  }

  /** Cross entropy in nats of logits [..., V] against class indices [...]. */
  public MlxArray crossEntropy(MlxArray logits, MlxArray targets) {
    return scope.adopt(Binary.CROSS_ENTROPY.of(logits.handle(), targets.handle()));
  }
}
