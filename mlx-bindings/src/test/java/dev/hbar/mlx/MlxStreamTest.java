package dev.hbar.mlx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.mlx.internal.NativeFaults;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

@NativeTest
class MlxStreamTest {
  private static MlxStream second;

  /** A stream is never given back, so the tests share one. */
  @BeforeAll
  static void makeStream() {
    second = MlxStream.create(Mlx.device());
  }

  @AfterEach
  void stopFaults() {
    NativeFaults.failCall(0);
  }

  @Test
  void currentStream_isTheDefaultOfTheDevice() {
    MlxStream current = MlxStream.current();
    assertEquals(MlxStream.defaultOf(Mlx.device()), current);
    assertEquals(Mlx.device(), current.device());
    assertEquals(current.hashCode(), MlxStream.defaultOf(Mlx.device()).hashCode());
  }

  @Test
  void newStream_isAnotherOneOfTheDeviceAskedFor() {
    assertEquals(Mlx.device(), second.device());
    assertNotEquals(MlxStream.current(), second);
    assertNotEquals(MlxStream.current().index(), second.index());
  }

  @Test
  void workOnAStream_leavesTheEarlierOneBehindIt() {
    MlxStream before = MlxStream.current();
    MlxStream inside =
        second.call(
            () -> {
              before.run(() -> assertEquals(before, MlxStream.current()));
              assertEquals(second, MlxStream.defaultOf(Mlx.device()));
              return MlxStream.current();
            });
    assertEquals(second, inside);
    assertEquals(before, MlxStream.current());
    assertEquals(before, MlxStream.defaultOf(Mlx.device()));
  }

  @Test
  void failingWork_leavesTheEarlierStreamBehindIt() {
    MlxStream before = MlxStream.current();
    assertThrows(
        IllegalArgumentException.class,
        () ->
            second.run(
                () -> {
                  throw new IllegalArgumentException("on purpose");
                }));
    assertEquals(before, MlxStream.current());
    assertEquals(before, MlxStream.defaultOf(Mlx.device()));
  }

  @Test
  void resultsOfTwoStreams_meetInOneOperation() {
    try (MlxScope s = MlxScope.open("streams")) {
      MlxArray x = s.random().normal(s.random().key(7), DType.FLOAT32, 300, 300);
      MlxArray here = s.ops().matmul(x, x);
      MlxArray there = second.call(() -> s.ops().matmul(x, x));
      MlxArray both = s.ops().subtract(s.ops().add(here, there), here);
      assertArrayEquals(here.toFloats(), both.toFloats(), 1e-3f);
    }
  }

  /** A chain of products takes a stream some hundred milliseconds; the other is free meanwhile. */
  @Test
  void busyStream_doesNotHoldTheOther() {
    try (MlxScope s = MlxScope.open("busy")) {
      MlxArray x = s.random().normal(s.random().key(1), DType.FLOAT32, 700, 700);
      s.eval(x);
      MlxArray last =
          second.call(
              () -> {
                MlxArray product = x;
                for (int i = 0; i < 40; i++) {
                  product = s.ops().matmul(product, x);
                }
                return product;
              });
      s.asyncEval(last);
      long free = nanosOf(() -> s.synchronize(MlxStream.current()));
      long busy = nanosOf(() -> s.synchronize(second));
      assertTrue(free < busy / 2, free + " ns on the free stream, " + busy + " on the busy one");
    }
  }

  @Test
  void errorOutOfSynchronize_poisonsTheScope() {
    try (MlxScope s = MlxScope.open("failing")) {
      MlxArray x = s.floats(new float[] {1}, 1);
      NativeFaults.failCall(1);
      assertThrows(MlxException.class, () -> s.synchronize(second));
      assertThrows(MlxException.class, x::toFloats);
    }
  }

  @Test
  void streamOfAnAbsentDevice_isRefused() {
    if (Mlx.isAvailable(Device.GPU)) {
      assertEquals(Device.GPU, MlxStream.defaultOf(Device.GPU).device());
      return;
    }
    MlxException refused = assertThrows(MlxException.class, () -> MlxStream.create(Device.GPU));
    assertEquals("mlx_stream_new_device", refused.function());
    assertTrue(refused.getMessage().contains("gpu"), refused.getMessage());
    assertThrows(MlxException.class, () -> MlxStream.defaultOf(Device.GPU));
  }

  @Test
  void anotherThread_isRefused() {
    CompletableFuture<Object> elsewhere = CompletableFuture.supplyAsync(MlxStream::current);
    CompletionException refused = assertThrows(CompletionException.class, elsewhere::join);
    assertEquals(IllegalStateException.class, refused.getCause().getClass());
    CompletableFuture<Void> run = CompletableFuture.runAsync(() -> second.run(() -> {}));
    assertThrows(CompletionException.class, run::join);
  }

  private static long nanosOf(Runnable work) {
    long start = System.nanoTime();
    work.run();
    return System.nanoTime() - start;
  }
}
