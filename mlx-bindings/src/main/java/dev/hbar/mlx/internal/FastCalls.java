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
    return NativeCall.array(
        "mlx_fast_rms_norm",
        o -> fast_h.mlx_fast_rms_norm(o, x.struct(), weight.struct(), eps, Execution.stream()),
        x,
        weight);
  }

  /**
   * Rotation by {@code base}, or by explicit periods when {@code periods} is given; never by both.
   */
  public static ArrayHandle rope(
      ArrayHandle x, int dims, boolean traditional, float base, float scale, int offset) {
    MemorySegment theta = Optionals.of(base);
    return NativeCall.array(
        "mlx_fast_rope",
        o ->
            fast_h.mlx_fast_rope(
                o,
                x.struct(),
                dims,
                traditional,
                theta,
                scale,
                offset,
                Optionals.NO_ARRAY,
                Execution.stream()),
        x);
  }

  public static ArrayHandle rope(
      ArrayHandle x, int dims, boolean traditional, ArrayHandle periods, float scale, int offset) {
    MemorySegment none = Optionals.noFloat();
    return NativeCall.array(
        "mlx_fast_rope",
        o ->
            fast_h.mlx_fast_rope(
                o,
                x.struct(),
                dims,
                traditional,
                none,
                scale,
                offset,
                periods.struct(),
                Execution.stream()),
        x,
        periods);
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
            fast_h.mlx_fast_rope_dynamic(
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
    return NativeCall.array(
        "mlx_fast_scaled_dot_product_attention",
        o ->
            fast_h.mlx_fast_scaled_dot_product_attention(
                o,
                q.struct(),
                k.struct(),
                v.struct(),
                scale,
                modeText,
                maskStruct,
                sinkStruct,
                false,
                Execution.stream()),
        q,
        k,
        v);
  }

  public static ArrayHandle quantizedMatmul(ArrayHandle x, QuantizedHandles w, boolean transpose) {
    return NativeCall.array(
        "mlx_quantized_matmul",
        o ->
            ops_h.mlx_quantized_matmul(
                o,
                x.struct(),
                w.weight().struct(),
                w.scales().struct(),
                w.biasesStruct(),
                transpose,
                Optionals.of(w.groupSize()),
                Optionals.of(w.bits()),
                CStrings.constant(w.mode()),
                Execution.stream()),
        x,
        w.weight(),
        w.scales());
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
                Optionals.of(w.groupSize()),
                Optionals.of(w.bits()),
                CStrings.constant(w.mode()),
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
