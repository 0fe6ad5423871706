package dev.hbar.mlx.internal;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Names the processor to OpenBLAS before it is loaded. Debian's 0.3.21 does not know processors
 * newer than itself and takes them for a Pentium 4 (kernel PRESCOTT, no AVX), a quarter of the
 * speed. A choice that the user has made in the environment stays.
 */
final class BlasCore {
  private static final String VARIABLE = "OPENBLAS_CORETYPE";
  private static final Set<String> AVX512 = Set.of("avx512f", "avx512bw", "avx512dq", "avx512vl");
  private static final Set<String> AVX2 = Set.of("avx2", "fma");

  private BlasCore() {}

  /** Sets the variable for this process, if it is not set and the processor is an x86 with AVX2. */
  static void choose() {
    if (System.getenv(VARIABLE) == null) {
      processorFlags().flatMap(BlasCore::coreType).ifPresent(BlasCore::set);
    }
  }

  /** The fastest of OpenBLAS's kernels that these processor flags allow. */
  static Optional<String> coreType(Set<String> flags) {
    if (flags.containsAll(AVX512)) {
      return Optional.of("SkylakeX");
    }
    return flags.containsAll(AVX2) ? Optional.of("Haswell") : Optional.empty();
  }

  private static Optional<Set<String>> processorFlags() {
    try (Stream<String> lines =
        Files.lines(Path.of("/proc/cpuinfo"), StandardCharsets.ISO_8859_1)) {
      return lines
          .filter(line -> line.startsWith("flags"))
          .findFirst()
          .map(line -> Set.of(line.substring(line.indexOf(':') + 1).strip().split("\\s+")));
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }

  /** Java cannot change its own environment; the C library reads it when OpenBLAS starts. */
  private static void set(String coreType) {
    Linker linker = Linker.nativeLinker();
    FunctionDescriptor signature =
        FunctionDescriptor.of(
            ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
    MethodHandle setenv =
        linker.downcallHandle(linker.defaultLookup().findOrThrow("setenv"), signature);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocateFrom(VARIABLE);
      int status = (int) setenv.invokeExact(name, arena.allocateFrom(coreType), 1);
      assert status == 0 : "setenv fails only for a bad name";
    } catch (Throwable unexpected) {
      throw new AssertionError("setenv throws nothing", unexpected);
    }
  }
}
