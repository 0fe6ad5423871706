package dev.hbar.model.hub;

import java.util.concurrent.TimeUnit;

/** Waiting that a stop ends. */
final class Pause {
  private static final long STEP_MILLIS = 50;

  private Pause() {}

  /** The pull was stopped: caught where it began. */
  static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** Returns after {@code millis}, or throws as soon as the watch wants to stop. */
  static void of(PullWatch watch, long millis) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    do {
      check(watch);
      try {
        TimeUnit.MILLISECONDS.sleep(Math.min(STEP_MILLIS, millis));
      } catch (InterruptedException wanted) {
        Thread.currentThread().interrupt();
        throw new Stopped();
      }
    } while (System.nanoTime() < end);
    check(watch);
  }

  static void check(PullWatch watch) {
    if (watch.stopRequested()) {
      throw new Stopped();
    }
  }
}
