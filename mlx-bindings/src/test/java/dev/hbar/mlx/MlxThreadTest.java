package dev.hbar.mlx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
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

  /** The last callers may still be on their way. */
  private static void submitUntilRefused() throws InterruptedException {
    for (int i = 0; i < 1000; i++) {
      MlxThread.submit(() -> true);
      Thread.sleep(1);
    }
  }
}
