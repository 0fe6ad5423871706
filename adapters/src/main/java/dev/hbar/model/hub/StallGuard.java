package dev.hbar.model.hub;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Closes a body from which nothing comes, or whose pull is stopped: a read would wait for ever on a
 * connection that is silent but open.
 */
final class StallGuard implements AutoCloseable {
  private static final long POLL_MILLIS = 100;

  private final InputStream body;
  private final PullWatch watch;
  private final Duration silence;
  private final Thread thread;
  private volatile long lastNanos = System.nanoTime();

  private StallGuard(InputStream body, PullWatch watch, Duration silence) {
    this.body = body;
    this.watch = watch;
    this.silence = silence;
    this.thread = Thread.ofVirtual().name("stall-guard").unstarted(this::run);
  }

  static StallGuard watch(InputStream body, PullWatch watch, Duration silence) {
    StallGuard guard = new StallGuard(body, watch, silence);
    guard.thread.start();
    return guard;
  }

  /** Bytes came. */
  void alive() {
    lastNanos = System.nanoTime();
  }

  private void run() {
    try {
      while (!watch.stopRequested() && System.nanoTime() - lastNanos < silence.toNanos()) {
        TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      }
      body.close();
    } catch (InterruptedException over) {
      Thread.currentThread().interrupt();
    } catch (IOException broken) {
      // The reader meets the same.
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
