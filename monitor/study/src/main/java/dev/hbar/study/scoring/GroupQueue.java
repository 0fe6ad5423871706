package dev.hbar.study.scoring;

import dev.hbar.study.dataset.Sample;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * Groups of samples that the thread of a run scores, and others beside it; what they found comes
 * out in the samples' order. A few groups are read ahead, no more. Any thread may take and finish.
 *
 * @param <R> what a group becomes
 */
public final class GroupQueue<R> implements AutoCloseable {
  private static final long POLL_NANOS = 100_000_000;
  private static final int PATIENCE_FACTOR = 10;

  private final Iterator<Group> source;
  private final int ahead;
  private final Duration patience;
  private final Deque<Group> open = new ArrayDeque<>();
  private final Deque<Group> free = new ArrayDeque<>();
  private final Map<Integer, R> found = new HashMap<>();
  private long longestNanos;
  private boolean closed;

  /**
   * A queue of groups.
   *
   * @param source of groups in their order; only the thread that calls {@link #next} reads it
   * @param crew says how many are read ahead
   */
  public GroupQueue(Iterator<Group> source, Crew crew) {
    this.source = source;
    this.ahead = crew.groupsAhead();
    this.patience = crew.patience();
  }

  /**
   * Samples that are scored together.
   *
   * @param start number of the first in the source
   * @param known how many of them the file has already
   */
  public record Group(int start, List<Sample> samples, int known) {
    /** Copies the list. */
    public Group {
      samples = List.copyOf(samples);
    }
  }

  /**
   * A group that is finished.
   *
   * @param <R> what it became
   */
  public record Finished<R>(Group group, R result) {}

  /**
   * A group that nobody has, for another rank; waits for one.
   *
   * @return empty at the end of the run
   */
  public synchronized Optional<Group> take() throws InterruptedException {
    while (!closed && free.isEmpty()) {
      wait();
    }
    return closed ? Optional.empty() : Optional.of(free.poll());
  }

  /** What somebody found who took a group. */
  public synchronized void finish(Group group, R result) {
    found.put(group.start(), result);
    notifyAll();
  }

  /** A group that was taken and will not be finished: the next one to take gets it. */
  public synchronized void giveBack(Group group) {
    free.addFirst(group);
    notifyAll();
  }

  /** Whether a group that was taken then should have been finished long ago. */
  public synchronized boolean isOverdue(long takenNanos) {
    long since = System.nanoTime() - takenNanos;
    return longestNanos > 0 && since > patience.toNanos() + PATIENCE_FACTOR * longestNanos;
  }

  /**
   * The next group that the file lacks. Works on what is free until it is finished.
   *
   * @param work is done in this thread
   * @param stop whether to begin no further group
   * @return empty at the end, or if it was stopped
   */
  public Optional<Finished<R>> next(Function<Group, R> work, BooleanSupplier stop) {
    while (true) {
      readAhead();
      Optional<Finished<R>> first = first();
      if (first.isPresent() || isEmpty() || stop.getAsBoolean()) {
        return first;
      }
      Optional<Group> mine = poll();
      if (mine.isPresent()) {
        long begin = System.nanoTime();
        finish(mine.get(), work.apply(mine.get()));
        took(System.nanoTime() - begin);
      }
    }
  }

  private synchronized void readAhead() {
    while (open.size() < ahead && source.hasNext()) {
      Group group = source.next();
      open.add(group);
      free.add(group);
    }
    notifyAll();
  }

  private synchronized Optional<Finished<R>> first() {
    boolean there = !open.isEmpty() && found.containsKey(open.element().start());
    if (!there) {
      return Optional.empty();
    }
    Group group = open.remove();
    return Optional.of(new Finished<>(group, found.remove(group.start())));
  }

  private synchronized boolean isEmpty() {
    return open.isEmpty();
  }

  private synchronized Optional<Group> poll() {
    long end = System.nanoTime() + POLL_NANOS;
    try {
      while (free.isEmpty()
          && !found.containsKey(open.element().start())
          && System.nanoTime() < end) {
        TimeUnit.NANOSECONDS.timedWait(this, POLL_NANOS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("a run's thread is not interrupted", e);
    }
    return Optional.ofNullable(free.poll());
  }

  private synchronized void took(long nanos) {
    longestNanos = Math.max(longestNanos, nanos);
  }

  /** The end of the run: whoever waits for a group gets none. */
  @Override
  public synchronized void close() {
    closed = true;
    notifyAll();
  }
}
