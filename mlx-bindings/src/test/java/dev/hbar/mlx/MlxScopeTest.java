package dev.hbar.mlx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

@NativeTest
class MlxScopeTest {
  @Test
  void closingScope_freesItsArraysAndItsChildren() {
    long before = Mlx.liveArrays();
    MlxScope run = MlxScope.open("run");
    MlxArray a = run.floats(new float[] {1, 2}, 2);
    MlxArray b = run.child("step").ops().add(a, a);
    assertEquals(before + 2, Mlx.liveArrays());

    run.close();
    run.close();

    assertTrue(a.isClosed() && b.isClosed());
    assertEquals(before, Mlx.liveArrays());
  }

  @Test
  void keptArray_outlivesItsScope() {
    try (MlxScope run = MlxScope.open("run")) {
      MlxArray sum;
      try (MlxScope step = run.child("step")) {
        sum =
            step.keep(
                step.ops().add(step.floats(new float[] {1}, 1), step.floats(new float[] {2}, 1)));
      }
      assertArrayEquals(new float[] {3}, sum.toFloats());
    }
  }

  @Test
  void sealedScope_refusesNewArraysAtTheirLine() {
    try (MlxScope model = MlxScope.open("model")) {
      MlxArray weight = model.floats(new float[] {1}, 1);
      model.seal();
      IllegalStateException refused =
          assertThrows(IllegalStateException.class, () -> model.ops().add(weight, weight));
      assertEquals("scope model is sealed: attach to a run or step scope", refused.getMessage());
      try (MlxScope run = model.child("run")) {
        assertArrayEquals(new float[] {2}, run.ops().add(weight, weight).toFloats());
      }
    }
  }

  @Test
  void arrayOfClosedScope_isRefusedByName() {
    MlxScope scope = MlxScope.open("gone");
    MlxArray array = scope.floats(new float[] {1}, 1);
    scope.close();
    assertThrows(IllegalStateException.class, array::toFloats);
    assertThrows(IllegalStateException.class, () -> scope.floats(new float[] {1}, 1));
  }

  @Test
  void otherThread_isRefusedWithTheWayOut() {
    try (MlxScope scope = MlxScope.open("run")) {
      MlxArray array = scope.floats(new float[] {1}, 1);
      CompletableFuture<float[]> other = CompletableFuture.supplyAsync(array::toFloats);
      CompletionException failed = assertThrows(CompletionException.class, other::join);
      assertTrue(failed.getCause().getMessage().contains("MlxThread.call"), failed.toString());
    }
  }

  @Test
  void longRun_doesNotHoldItsClosedArrays() {
    try (MlxScope run = MlxScope.open("run")) {
      for (int i = 0; i < 5000; i++) {
        try (MlxScope step = run.child("step")) {
          step.keep(step.floats(new float[] {i}, 1)).close();
        }
      }
      long active = MlxMemory.snapshot().active();
      assertTrue(active < 64 * 1024, "active " + active);
    }
  }

  @Test
  void errorWhileBuilding_namesFunctionShapesAndText() {
    try (MlxScope scope = MlxScope.open("run")) {
      MlxArray a = scope.floats(new float[6], 2, 3);
      MlxException failed = assertThrows(MlxException.class, () -> scope.ops().matmul(a, a));
      assertEquals("mlx_matmul", failed.function());
      assertTrue(
          failed.getMessage().startsWith("mlx_matmul(float32[2, 3], float32[2, 3]): [matmul]"),
          failed.getMessage());
      assertFalse(failed.getMessage().contains(".cpp"), failed.getMessage());
    }
  }
}
