package dev.hbar.mlx.internal;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.gen.fast_h;
import dev.hbar.mlx.gen.ops_h;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** MLX's fused kernels and its quantized matrix products. */
public final class FastCalls {
  private FastCalls() {}

  public static ArrayHandle rmsNorm(ArrayHandle x, ArrayHandle weight, float eps) {
    MemorySegment in = x.struct();
    MemorySegment factors = weight.struct();
    MemorySegment out = Slots.take();
    int status = OwnOps.rmsNorm(out, in, factors, eps, Execution.stream());
    return NativeCall.made("mlx_fast_rms_norm", out, status, x, weight);
  }

  /**
   * Rotation by {@code base}, or by explicit periods when {@code periods} is given; never by both.
   */
  public static ArrayHandle rope(
      ArrayHandle x, int dims, boolean traditional, float base, float scale, int offset) {
    return rope(x, dims, traditional, Optionals.of(base), scale, offset, Optionals.NO_ARRAY);
  }

  public static ArrayHandle rope(
      ArrayHandle x, int dims, boolean traditional, ArrayHandle periods, float scale, int offset) {
    return rope(x, dims, traditional, Optionals.noFloat(), scale, offset, periods.struct());
  }

  private static ArrayHandle rope(
      ArrayHandle x,
      int dims,
      boolean traditional,
      MemorySegment base,
      float scale,
      int offset,
      MemorySegment periods) {
    MemorySegment in = x.struct();
    MemorySegment out = Slots.take();
    int status =
        OwnOps.rope(out, in, dims, traditional, base, scale, offset, periods, Execution.stream());
    return NativeCall.made("mlx_fast_rope", out, status, x);
  }

  /** The same with an offset for each row of the batch, an int32 array of shape [B]. */
  public static ArrayHandle rope(
      ArrayHandle x,
      int dims,
      boolean traditional,
      Optional<Float> base,
      float scale,
      ArrayHandle offsets,
      Optional<ArrayHandle> periods) {
    MemorySegment theta = base.map(Optionals::of).orElseGet(Optionals::noFloat);
    MemorySegment freqs = periods.map(ArrayHandle::struct).orElse(Optionals.NO_ARRAY);
    return NativeCall.array(
        "mlx_fast_rope_dynamic",
        o ->
            OwnOps.rope(
                o,
                x.struct(),
                dims,
                traditional,
                theta,
                scale,
                offsets.struct(),
                freqs,
                Execution.stream()),
        x,
        offsets);
  }

  /** {@code mode} is "", "causal" or "array"; the mask is present exactly for "array". */
  public static ArrayHandle attention(
      ArrayHandle q,
      ArrayHandle k,
      ArrayHandle v,
      float scale,
      String mode,
      Optional<ArrayHandle> mask,
      Optional<ArrayHandle> sinks) {
    MemorySegment modeText = CStrings.constant(mode);
    MemorySegment maskStruct = Optionals.of(mask);
    MemorySegment sinkStruct = Optionals.of(sinks);
    MemorySegment queries = q.struct();
    MemorySegment keys = k.struct();
    MemorySegment values = v.struct();
    MemorySegment stream = Execution.stream();
    MemorySegment out = Slots.take();
    int status =
        OwnOps.attention(
            out, queries, keys, values, scale, modeText, maskStruct, sinkStruct, stream);
    return NativeCall.made("mlx_fast_scaled_dot_product_attention", out, status, q, k, v);
  }

  /** gate(x) * up by hbar's own kernel: silu (0) or gelu by its tanh form (1). */
  public static ArrayHandle gated(ArrayHandle x, ArrayHandle up, int kind) {
    MemorySegment in = x.struct();
    MemorySegment wide = up.struct();
    MemorySegment out = Slots.take();
    int status = OwnOps.gated(out, in, wide, kind, Execution.stream());
    return NativeCall.made("hbar_fast_gated", out, status, x, up);
  }

  /** What softmax(logits) gives of each row and its token, by hbar's own kernel. */
  public static ArrayHandle softmaxSums(ArrayHandle logits, ArrayHandle tokens) {
    MemorySegment in = logits.struct();
    MemorySegment chosen = tokens.struct();
    MemorySegment out = Slots.take();
    int status = OwnOps.softmaxSums(out, in, chosen, Execution.stream());
    return NativeCall.made("hbar_softmax_sums", out, status, logits, tokens);
  }

  /** With the transposed weight. */
  public static ArrayHandle quantizedMatmul(ArrayHandle x, QuantizedHandles w) {
    MemorySegment in = x.struct();
    MemorySegment stream = Execution.stream();
    MemorySegment out = Slots.take();
    int status = OwnOps.matmul(out, in, w, stream);
    return NativeCall.made("mlx_quantized_matmul", out, status, x, w.weight(), w.scales());
  }

  public static ArrayHandle dequantize(QuantizedHandles w, DType dtype) {
    return NativeCall.array(
        "mlx_dequantize",
        o ->
            ops_h.mlx_dequantize(
                o,
                w.weight().struct(),
                w.scales().struct(),
                w.biasesStruct(),
                w.group(),
                w.width(),
                w.modeText(),
                Optionals.NO_ARRAY,
                Optionals.of(dtype),
                Execution.stream()),
        w.weight(),
        w.scales());
  }

  public static ArrayHandle layerNorm(
      ArrayHandle x, Optional<ArrayHandle> weight, Optional<ArrayHandle> bias, float eps) {
    return NativeCall.array(
        "mlx_fast_layer_norm",
        o ->
            fast_h.mlx_fast_layer_norm(
                o, x.struct(), Optionals.of(weight), Optionals.of(bias), eps, Execution.stream()),
        x);
  }
}
