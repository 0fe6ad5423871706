package dev.hbar.mlx;

import dev.hbar.mlx.internal.Execution;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The one thread that owns MLX: it loads, builds, evaluates, reads and frees. MLX's streams belong
 * to the thread that made them, so it lives until the process exits; it is a daemon only so that an
 * idle MLX never holds a program open. Never a virtual thread: a changed carrier is another thread
 * to MLX.
 */
public final class MlxThread {
  private static final long STACK_BYTES = 16L << 20;
  private static final int MAX_WAITING = 1024;

  // A caller that waits has a thread of its own, so threads bound what is in here.
  private static final LinkedBlockingQueue<Runnable> TASKS = new LinkedBlockingQueue<>();
  private static Thread owner;

  private MlxThread() {}

  /**
   * Runs {@code task} on the owner thread and waits for it. Called on the owner thread it runs at
   * once. MLX is loaded by the first call. Tasks take their turns in the order of their calls, so
   * work in short tasks leaves room for that of others. However many callers wait, none is turned
   * away. An interrupt does not cut the wait short; the caller finds its flag set afterwards.
   *
   * @throws MlxUnavailableException if MLX cannot be loaded here
   * @throws Exception what the task throws, unwrapped
   */
  public static <T> T call(Callable<T> task) throws Exception {
    if (isOwner()) {
      return task.call();
    }
    try {
      return result(queued(task));
    } catch (ExecutionException failed) {
      throw unwrapped(failed.getCause());
    }
  }

  /**
   * Waits to the end: native work cannot be broken off, and a caller that left early would not know
   * what became of its arrays. An interrupt of the caller is kept for it to find afterwards.
   */
  private static <T> T result(CompletableFuture<T> future) throws ExecutionException {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return future.get();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** The same for a task without a result that throws nothing checked. */
  public static void run(Runnable task) {
    try {
      call(
          () -> {
            task.run();
            return null;
          });
    } catch (RuntimeException unchecked) {
      throw unchecked;
    } catch (Exception checked) {
      throw new CompletionException(checked);
    }
  }

  /**
   * Queues {@code task} for the owner thread, without waiting for it.
   *
   * @throws IllegalStateException if {@value #MAX_WAITING} tasks or more are waiting already
   */
  public static <T> CompletableFuture<T> submit(Callable<T> task) {
    if (tasks().size() >= MAX_WAITING) {
      throw new IllegalStateException("MLX is busy: " + MAX_WAITING + " tasks are waiting");
    }
    return queued(task);
  }

  private static <T> CompletableFuture<T> queued(Callable<T> task) {
    CompletableFuture<T> result = new CompletableFuture<>();
    tasks()
        .add(
            () -> {
              try {
                Execution.start();
                result.complete(task.call());
              } catch (Throwable failure) {
                result.completeExceptionally(failure);
              }
            });
    return result;
  }

  /** True on the owner thread. */
  public static boolean isOwner() {
    return Thread.currentThread() == owner;
  }

  static void requireOwner() {
    if (!isOwner()) {
      throw new IllegalStateException(
          "MLX belongs to its own thread: call this through MlxThread.call, not on "
              + Thread.currentThread());
    }
  }

  private static synchronized LinkedBlockingQueue<Runnable> tasks() {
    if (owner == null) {
      owner = new Thread(null, MlxThread::work, "mlx", STACK_BYTES);
      owner.setDaemon(true);
      owner.start();
    }
    return TASKS;
  }

  private static void work() {
    while (true) {
      try {
        TASKS.take().run();
      } catch (InterruptedException ignored) {
        // Nobody may end this thread: lazy arrays could never be evaluated again.
      }
    }
  }

  private static Exception unwrapped(Throwable cause) throws Exception {
    if (cause instanceof Error error) {
      throw error;
    }
    return (Exception) cause;
  }
}
