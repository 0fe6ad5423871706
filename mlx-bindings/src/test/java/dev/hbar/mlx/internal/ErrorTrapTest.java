package dev.hbar.mlx.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxException;
import dev.hbar.mlx.MlxScope;
import dev.hbar.mlx.NativeTest;
import dev.hbar.mlx.gen.array_h;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** MLX's text belongs to the call that failed, and to no later one. */
@NativeTest
class ErrorTrapTest {
  @AfterEach
  void heal() {
    NativeFaults.failCall(0);
  }

  /** Leaves the text of an error that nobody has asked for. */
  private static void failUnasked() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment none = array_h.mlx_array_new(arena);
      MemorySegment out = arena.allocate(ValueLayout.JAVA_INT);
      assertEquals(1, array_h.mlx_array_item_int32(out, none));
    }
  }

  @Test
  void textThatWasTaken_isGone() {
    failUnasked();
    assertFalse(ErrorTrap.take().isEmpty());
    assertEquals("", ErrorTrap.take());
    failUnasked();
    ErrorTrap.clear();
    assertEquals("", ErrorTrap.take());
  }

  @Test
  void errorWithoutText_doesNotTellAnEarlierOnes() {
    try (MlxScope scope = MlxScope.open("texts")) {
      MlxArray a = scope.floats(new float[6], 2, 3);
      String first = assertThrows(MlxException.class, () -> scope.ops().matmul(a, a)).getMessage();
      assertTrue(first.startsWith("mlx_matmul(float32[2, 3], float32[2, 3]): "), first);
      NativeFaults.failCall(1);
      String second = assertThrows(MlxException.class, () -> scope.ops().add(a, a)).getMessage();
      assertTrue(second.endsWith(": status 1"), second);
    }
  }

  @Test
  void constructorThatGivesNothing_doesNotTellAnEarlierCallsText() {
    failUnasked();
    String message =
        assertThrows(
                MlxException.class, () -> NativeCall.made("mlx_array_new_data", allocator -> null))
            .getMessage();
    assertEquals("mlx_array_new_data(): status 1", message);
  }

  @Test
  void missingDataPointer_doesNotTellAnEarlierCallsText() {
    try (MlxScope scope = MlxScope.open("pointer")) {
      MlxArray a = scope.floats(new float[] {1, 2, 3}, 3);
      failUnasked();
      assertEquals(3, a.toFloats().length);
      assertEquals("", ErrorTrap.take());
    }
  }
}
