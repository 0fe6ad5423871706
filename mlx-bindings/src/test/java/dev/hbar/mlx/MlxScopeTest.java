package dev.hbar.mlx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.mlx.internal.NativeFaults;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

@NativeTest
class MlxScopeTest {
  /**
   * 600 scopes, and of 600 arrays those before the last time that the closed ones are let go of.
   */
  private static final int COLLECTED = 900;

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
  void manyChildren_areAllClosedWithTheirScope() {
    long before = Mlx.liveArrays();
    MlxScope run = MlxScope.open("run");
    List<MlxArray> arrays = new ArrayList<>();
    for (String name : List.of("first", "second", "third")) {
      arrays.add(run.child(name).floats(new float[] {1}, 1));
    }
    run.close();
    assertTrue(arrays.stream().allMatch(MlxArray::isClosed));
    assertEquals(before, Mlx.liveArrays());
  }

  @Test
  void failingRelease_isToldAndKeepsNoOtherArray() {
    long before = Mlx.liveArrays();
    MlxScope run = MlxScope.open("run");
    run.floats(new float[] {1}, 1);
    run.child("step").floats(new float[] {2}, 1);
    run.floats(new float[] {3}, 1);
    NativeFaults.failCall(2);
    MlxException failed = assertThrows(MlxException.class, run::close);
    NativeFaults.failCall(0);
    assertEquals("mlx_array_free", failed.function());
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
    long before = Mlx.liveArrays();
    try (MlxScope model = MlxScope.open("model")) {
      MlxArray weight = model.floats(new float[] {1}, 1);
      model.seal();
      IllegalStateException refused =
          assertThrows(IllegalStateException.class, () -> model.ops().add(weight, weight));
      assertEquals("scope model is sealed: attach to a run or step scope", refused.getMessage());
      assertEquals(before + 1, Mlx.liveArrays(), "the weight, and not what was refused");
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
  void otherThread_freesNothing() {
    try (MlxScope scope = MlxScope.open("run")) {
      MlxArray array = scope.floats(new float[] {1, 2}, 2);
      CompletionException failed =
          assertThrows(CompletionException.class, CompletableFuture.runAsync(array::close)::join);
      assertTrue(failed.getCause().getMessage().contains("MlxThread.call"), failed.toString());
      assertThrows(CompletionException.class, CompletableFuture.runAsync(scope::close)::join);
      assertArrayEquals(new float[] {1, 2}, array.toFloats());
    }
  }

  /** What is closed can be collected, so that a long run's heap does not grow. */
  @Test
  void longRun_letsGoOfItsClosedScopesAndArrays() throws InterruptedException {
    List<WeakReference<Object>> closed = new ArrayList<>();
    try (MlxScope run = MlxScope.open("run")) {
      for (int i = 0; i < 600; i++) {
        MlxScope step = run.child("step");
        MlxArray array = step.keep(step.floats(new float[] {i}, 1));
        closed.add(new WeakReference<>(step));
        closed.add(new WeakReference<>(array));
        array.close();
        step.close();
      }
      long gone = collected(closed);
      assertTrue(gone >= COLLECTED, gone + " of " + closed.size());
    }
  }

  private static long collected(List<WeakReference<Object>> closed) throws InterruptedException {
    long gone = 0;
    for (int round = 0; round < 50 && gone < COLLECTED; round++) {
      System.gc();
      Thread.sleep(10);
      gone = closed.stream().filter(one -> one.refersTo(null)).count();
    }
    return gone;
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
