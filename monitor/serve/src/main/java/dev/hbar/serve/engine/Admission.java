package dev.hbar.serve.engine;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many requests are answered at once and how many may wait: beyond that a request is refused at
 * once, which is kinder than a wait that nobody knows the end of. Any thread.
 */
public final class Admission {
  private final Semaphore places;
  private final int mostWaiting;
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicInteger running = new AtomicInteger();

  /**
   * @param mostRunning requests that are answered at once
   * @param mostWaiting requests beyond those that wait
   */
  public Admission(int mostRunning, int mostWaiting) {
    this.places = new Semaphore(mostRunning, true);
    this.mostWaiting = mostWaiting;
  }

  /**
   * Waits for a place, first come first served; {@link #leave} gives it back.
   *
   * @throws ApiException BUSY if too many wait already, UNAVAILABLE if the wait was interrupted
   */
  public void enter() {
    try {
      // With a time it does not overtake those that wait, as it does without.
      if (!places.tryAcquire(0, TimeUnit.SECONDS)) {
        await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ApiException.of(ApiException.Kind.UNAVAILABLE, "the server is closing");
    }
    running.incrementAndGet();
  }

  /** Gives a place back. */
  public void leave() {
    running.decrementAndGet();
    places.release();
  }

  private void await() throws InterruptedException {
    if (waiting.incrementAndGet() > mostWaiting) {
      waiting.decrementAndGet();
      throw ApiException.of(
          ApiException.Kind.BUSY, mostWaiting + " requests are waiting already: try again later");
    }
    try {
      places.acquire();
    } finally {
      waiting.decrementAndGet();
    }
  }

  /** Requests that wait for a place. */
  public int waiting() {
    return waiting.get();
  }

  /** Requests that are being answered. */
  public int running() {
    return running.get();
  }
}
