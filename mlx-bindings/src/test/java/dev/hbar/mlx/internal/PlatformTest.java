package dev.hbar.mlx.internal;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.mlx.MlxUnavailableException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlatformTest {
  private static final Set<String> AVX512 =
      Set.of("avx2", "fma", "avx512f", "avx512bw", "avx512dq", "avx512vl");

  @ParameterizedTest
  @CsvSource({"Mac OS X,aarch64", "Linux,amd64", "Linux,aarch64"})
  void supportedPlatform_isAccepted(String os, String architecture) {
    assertDoesNotThrow(() -> NativeLibrary.requirePlatform(os, architecture));
  }

  @ParameterizedTest
  @CsvSource({
    "Mac OS X,x86_64,this JDK is x86_64: install an aarch64 JDK",
    "Windows 11,amd64,MLX has no Windows build"
  })
  void otherPlatform_isRefusedWithTheWayOut(String os, String architecture, String start) {
    MlxUnavailableException refused =
        assertThrows(
            MlxUnavailableException.class, () -> NativeLibrary.requirePlatform(os, architecture));
    assertTrue(refused.getMessage().startsWith(start), refused.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "0.32.2,0.32.1,1",
    "0.32.1,0.32.1,0",
    "0.32.0,0.32.1,-1",
    "0.9.9,0.32.1,-1",
    "0.32.10,0.32.9,1",
    "1.0,0.32.1,1",
    "0.32,0.32.0,0",
    "0.33.0.dev20260101+abc,0.32.1,1",
    "0.32.1.dev1,0.32.1,0",
    "nonsense,0.32.1,-1",
    "'',0.32.1,-1"
  })
  void versions_compareNumberByNumber(String left, String right, int order) {
    assertEquals(order, VersionGate.compare(left, right));
    assertEquals(-order, VersionGate.compare(right, left));
  }

  @Test
  void coreType_isTheFastestThatTheFlagsAllow() {
    assertEquals(Optional.of("SkylakeX"), BlasCore.coreType(AVX512));
    assertEquals(Optional.of("Haswell"), BlasCore.coreType(Set.of("sse2", "avx2", "fma")));
    assertEquals(Optional.of("Haswell"), BlasCore.coreType(Set.of("avx2", "fma", "avx512f")));
    assertEquals(Optional.empty(), BlasCore.coreType(Set.of("avx2")));
    assertEquals(Optional.empty(), BlasCore.coreType(Set.of("asimd", "neon")));
  }

  /** The notes as MLX has them of an M1 with 16 GiB, of a CUDA device and of a CPU. */
  @Test
  void recommendedMemory_isTheWorkingSetOrTheDevicesOwn() {
    Map<String, String> metal =
        Map.of(
            "device_name",
            "Apple M1",
            "memory_size",
            "17179869184",
            "max_recommended_working_set_size",
            "11453251584",
            "resource_limit",
            "499000");
    assertEquals(OptionalLong.of(11_453_251_584L), DeviceCalls.recommendedBytes(metal));
    Map<String, String> cuda = Map.of("free_memory", "1", "total_memory", "85899345920");
    assertEquals(OptionalLong.of(85_899_345_920L), DeviceCalls.recommendedBytes(cuda));
    Map<String, String> cpu = Map.of("device_name", "cpu", "architecture", "x86_64");
    assertEquals(OptionalLong.empty(), DeviceCalls.recommendedBytes(cpu));
  }
}
