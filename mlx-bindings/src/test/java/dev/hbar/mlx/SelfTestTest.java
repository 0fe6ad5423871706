package dev.hbar.mlx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.mlx.internal.NativeFaults;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@NativeTest
class SelfTestTest {
  @AfterEach
  void stopFaults() {
    NativeFaults.failCall(0);
  }

  @Test
  void pinnedLibrary_passesEveryCheck() {
    List<SelfTest.Check> checks = SelfTest.run();
    assertTrue(checks.size() > 8, checks.toString());
    assertEquals(List.of(), checks.stream().filter(check -> !check.ok()).toList());
  }

  @Test
  void failingCall_isNamedAndTheOtherChecksGoOn() {
    long all = SelfTest.run().size();
    NativeFaults.failCall(8);
    List<SelfTest.Check> checks = SelfTest.run();
    assertEquals(all, checks.size());
    List<SelfTest.Check> failed = checks.stream().filter(check -> !check.ok()).toList();
    assertEquals(1, failed.size(), failed.toString());
    assertFalse(failed.getFirst().detail().isEmpty());
  }

  @Test
  void wrongResult_isADeviationThatSaysBoth() {
    try (MlxScope scope = MlxScope.open("test")) {
      GoldenOps.matmul(scope);
      GoldenOps.Deviation wrong =
          assertThrows(
              GoldenOps.Deviation.class,
              () -> GoldenOps.require(scope.floats(new float[] {1, 3}, 2), 1, 2));
      assertEquals("value 1 is 3.0, wanted 2.0", wrong.getMessage());
    }
  }
}
