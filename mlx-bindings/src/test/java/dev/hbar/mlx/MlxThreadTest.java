package dev.hbar.mlx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Callers from other threads than MLX's own. */
class MlxThreadTest {
  private static final int CALLERS = 1500;

  @Test
  void callersBeyondTheLimitOfSubmit_waitForTheirTurn() throws Exception {
    CountDownLatch busy = new CountDownLatch(1);
    CountDownLatch come = new CountDownLatch(CALLERS);
    AtomicInteger done = new AtomicInteger();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      MlxThread.submit(
          () -> {
            busy.await();
            return true;
          });
      for (int i = 0; i < CALLERS; i++) {
        threads.submit(
            () -> {
              come.countDown();
              MlxThread.run(done::incrementAndGet);
            });
      }
      come.await();
      IllegalStateException refused =
          assertThrows(IllegalStateException.class, MlxThreadTest::submitUntilRefused);
      assertTrue(refused.getMessage().contains("1024 tasks"), refused.getMessage());
      busy.countDown();
    }
    assertEquals(CALLERS, done.get());
  }

  @Test
  void errorInATask_reachesItsCallerAndTheThreadGoesOn() throws Exception {
    StackOverflowError thrown = new StackOverflowError("of a task");
    CompletableFuture<Object> failed =
        MlxThread.submit(
            () -> {
              throw thrown;
            });
    ExecutionException told =
        assertThrows(ExecutionException.class, () -> failed.get(20, TimeUnit.SECONDS));
    assertSame(thrown, told.getCause());
    assertEquals(7, MlxThread.submit(() -> 7).get(20, TimeUnit.SECONDS));
  }

  @Test
  void interruptedCaller_getsItsResultAndFindsItsFlagSet() throws Exception {
    CountDownLatch busy = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    AtomicBoolean flag = new AtomicBoolean();
    FutureTask<Integer> call =
        new FutureTask<>(
            () -> {
              int result =
                  MlxThread.call(
                      () -> {
                        begun.countDown();
                        busy.await();
                        return 5;
                      });
              flag.set(Thread.currentThread().isInterrupted());
              return result;
            });
    Thread caller = Thread.ofPlatform().start(call);
    begun.await();
    caller.interrupt();
    caller.join(100);
    boolean left = call.isDone();
    busy.countDown();
    assertFalse(left, "its task was still at work");
    assertEquals(5, call.get(20, TimeUnit.SECONDS));
    assertTrue(flag.get());
  }

  /** The last callers may still be on their way. */
  private static void submitUntilRefused() throws InterruptedException {
    for (int i = 0; i < 1000; i++) {
      MlxThread.submit(() -> true);
      Thread.sleep(1);
    }
  }
}
