package dev.hbar.mlx.internal;

import dev.hbar.mlx.gen.ops_h;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * hbar's own product with packed weights, which set-up builds into libmlxc from
 * scripts/lib/native/packed_matmul.cpp. It has the form of mlx_quantized_matmul and hands on what
 * it is not for. Another libmlxc, such as Homebrew's, lacks it: then MLX's own is called.
 */
public final class PackedKernel {
  private static final MethodHandle MATMUL =
      own("hbar_quantized_matmul", ops_h.mlx_quantized_matmul$descriptor())
          .orElseGet(ops_h::mlx_quantized_matmul$handle);
  private static final Optional<MethodHandle> FITS =
      own(
          "hbar_quantized_matmul_fits",
          FunctionDescriptor.of(
              ValueLayout.JAVA_BOOLEAN, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

  private PackedKernel() {}

  private static Optional<MethodHandle> own(String name, FunctionDescriptor form) {
    return SymbolLookup.loaderLookup()
        .find(name)
        .map(address -> Linker.nativeLinker().downcallHandle(address, form));
  }

  /** Whether affine packed weights of that kind are multiplied by it on a CPU. */
  public static boolean fits(int groupSize, int bits) {
    try {
      return FITS.isPresent() && (boolean) FITS.get().invokeExact(groupSize, bits);
    } catch (Throwable impossible) {
      throw new AssertionError("a downcall throws nothing checked", impossible);
    }
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
      throw new AssertionError("a downcall throws nothing checked", impossible);
    }
  }
}
