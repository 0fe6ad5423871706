package dev.hbar.mlx.internal;

import dev.hbar.mlx.gen.fast_h;
import dev.hbar.mlx.gen.ops_h;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * hbar's own operations for a CPU, which set-up builds into libmlxc from scripts/lib/native: each
 * has the form of an operation of MLX and hands on what it is not for. Another libmlxc, such as
 * Homebrew's, lacks them: then MLX's own are called.
 */
public final class OwnOps {
  private static final MethodHandle MATMUL =
      own("hbar_quantized_matmul", ops_h.mlx_quantized_matmul$descriptor())
          .orElseGet(ops_h::mlx_quantized_matmul$handle);
  private static final MethodHandle RMS_NORM =
      own("hbar_fast_rms_norm", fast_h.mlx_fast_rms_norm$descriptor())
          .orElseGet(fast_h::mlx_fast_rms_norm$handle);
  private static final MethodHandle ROPE =
      own("hbar_fast_rope", fast_h.mlx_fast_rope$descriptor())
          .orElseGet(fast_h::mlx_fast_rope$handle);
  private static final MethodHandle ROPE_DYNAMIC =
      own("hbar_fast_rope_dynamic", fast_h.mlx_fast_rope_dynamic$descriptor())
          .orElseGet(fast_h::mlx_fast_rope_dynamic$handle);
  private static final MethodHandle ATTENTION =
      own(
              "hbar_fast_scaled_dot_product_attention",
              fast_h.mlx_fast_scaled_dot_product_attention$descriptor())
          .orElseGet(fast_h::mlx_fast_scaled_dot_product_attention$handle);
  private static final Optional<MethodHandle> GATED =
      own(
          "hbar_fast_gated",
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.ADDRESS,
              ops_h.mlx_add$descriptor().argumentLayouts().get(1),
              ops_h.mlx_add$descriptor().argumentLayouts().get(2),
              ValueLayout.JAVA_INT,
              ops_h.mlx_add$descriptor().argumentLayouts().get(3)));
  private static final Optional<MethodHandle> SOFTMAX_SUMS =
      own(
          "hbar_softmax_sums",
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.ADDRESS,
              ops_h.mlx_add$descriptor().argumentLayouts().get(1),
              ops_h.mlx_add$descriptor().argumentLayouts().get(2),
              ops_h.mlx_add$descriptor().argumentLayouts().get(3)));
  private static final boolean HAS_FAST = answers("hbar_fast_fits");
  private static final Optional<MethodHandle> FITS =
      own(
          "hbar_quantized_matmul_fits",
          FunctionDescriptor.of(
              ValueLayout.JAVA_BOOLEAN, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

  private OwnOps() {}

  private static Optional<MethodHandle> own(String name, FunctionDescriptor form) {
    return SymbolLookup.loaderLookup()
        .find(name)
        .map(address -> Linker.nativeLinker().downcallHandle(address, form));
  }

  private static boolean answers(String question) {
    Optional<MethodHandle> asked = own(question, FunctionDescriptor.of(ValueLayout.JAVA_BOOLEAN));
    try {
      return asked.isPresent() && (boolean) asked.get().invokeExact();
    } catch (Throwable impossible) {
      throw impossible(impossible);
    }
  }

  private static AssertionError impossible(Throwable thrown) {
    return new AssertionError("a downcall throws nothing checked", thrown);
  }

  /** Whether affine packed weights of that kind are multiplied by {@link #matmul} on a CPU. */
  public static boolean fits(int groupSize, int bits) {
    try {
      return FITS.isPresent() && (boolean) FITS.get().invokeExact(groupSize, bits);
    } catch (Throwable impossible) {
      throw impossible(impossible);
    }
  }

  /** Whether this machine's CPU has kernels for norm, rope, attention and what follows here. */
  public static boolean hasFast() {
    return HAS_FAST && GATED.isPresent() && SOFTMAX_SUMS.isPresent();
  }

  /** mlx_quantized_matmul with the transposed weight; the last argument of it is the stream. */
  static int matmul(MemorySegment out, MemorySegment x, QuantizedHandles w, MemorySegment stream) {
    MemorySegment weight = w.weight().struct();
    MemorySegment scales = w.scales().struct();
    try {
      return (int)
          MATMUL.invokeExact(
              out,
              x,
              weight,
              scales,
              w.biasesStruct(),
              true,
              w.group(),
              w.width(),
              w.modeText(),
              stream);
    } catch (Throwable impossible) {
      throw impossible(impossible);
    }
  }

  /** mlx_fast_rms_norm. */
  static int rmsNorm(
      MemorySegment out, MemorySegment x, MemorySegment weight, float eps, MemorySegment stream) {
    try {
      return (int) RMS_NORM.invokeExact(out, x, weight, eps, stream);
    } catch (Throwable impossible) {
      throw impossible(impossible);
    }
  }

  /** mlx_fast_rope. */
  static int rope(
      MemorySegment out,
      MemorySegment x,
      int dims,
      boolean traditional,
      MemorySegment base,
      float scale,
      int offset,
      MemorySegment periods,
      MemorySegment stream) {
    try {
      return (int)
          ROPE.invokeExact(out, x, dims, traditional, base, scale, offset, periods, stream);
    } catch (Throwable impossible) {
      throw impossible(impossible);
    }
  }

  /** mlx_fast_rope_dynamic. */
  static int rope(
      MemorySegment out,
      MemorySegment x,
      int dims,
      boolean traditional,
      MemorySegment base,
      float scale,
      MemorySegment offsets,
      MemorySegment periods,
      MemorySegment stream) {
    try {
      return (int)
          ROPE_DYNAMIC.invokeExact(
              out, x, dims, traditional, base, scale, offsets, periods, stream);
    } catch (Throwable impossible) {
      throw impossible(impossible);
    }
  }

  /** mlx_fast_scaled_dot_product_attention, never forced to be fused. */
  static int attention(
      MemorySegment out,
      MemorySegment q,
      MemorySegment k,
      MemorySegment v,
      float scale,
      MemorySegment mode,
      MemorySegment mask,
      MemorySegment sinks,
      MemorySegment stream) {
    try {
      return (int) ATTENTION.invokeExact(out, q, k, v, scale, mode, mask, sinks, false, stream);
    } catch (Throwable impossible) {
      throw impossible(impossible);
    }
  }

  /** gate(x) * up: silu (0) or gelu by its tanh form (1). Where {@link #hasFast}. */
  static int gated(
      MemorySegment out, MemorySegment x, MemorySegment up, int kind, MemorySegment stream) {
    try {
      return (int) GATED.orElseThrow().invokeExact(out, x, up, kind, stream);
    } catch (Throwable impossible) {
      throw impossible(impossible);
    }
  }

  /**
   * What softmax(logits) gives of each row and its token, float32 [B, 7]. Where {@link #hasFast}.
   */
  static int softmaxSums(
      MemorySegment out, MemorySegment logits, MemorySegment tokens, MemorySegment stream) {
    try {
      return (int) SOFTMAX_SUMS.orElseThrow().invokeExact(out, logits, tokens, stream);
    } catch (Throwable impossible) {
      throw impossible(impossible);
    }
  }
}
