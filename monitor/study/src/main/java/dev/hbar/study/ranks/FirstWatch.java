package dev.hbar.study.ranks;

import dev.hbar.mlx.ErrorText;
import dev.hbar.study.StudyException;
import dev.hbar.study.ranks.Message.Kind;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Hears from all the others. */
final class FirstWatch implements RankWatch {
  private static final int COME_MILLIS = 60_000;

  /** In which rank 0 itself may fail for the same reason, and say so. */
  private static final int GRACE_MILLIS = 1000;

  private final Ranks ranks;
  private final Consumer<End> ended;
  private final Door door;
  private final Map<Integer, Peer> others = new HashMap<>();
  private Message last = Message.of(Kind.ERROR, "has failed");
  private boolean over;

  private FirstWatch(Ranks ranks, Consumer<String> say, Consumer<End> ended) {
    this.ranks = ranks;
    this.ended = ended;
    this.door = Door.open(ranks, say, this::serve);
  }

  static RankWatch open(Ranks ranks, Consumer<String> say, Consumer<End> ended)
      throws InterruptedException {
    FirstWatch watch = new FirstWatch(ranks, say, ended);
    int came = watch.await();
    if (came < ranks.size() - 1) {
      watch.close();
      throw new StudyException(
          "%s of %s other ranks came to %s within a minute; start them all"
              .formatted(came, ranks.size() - 1, ranks.address()));
    }
    return watch;
  }

  private synchronized int await() throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(COME_MILLIS);
    while (others.size() < ranks.size() - 1 && System.nanoTime() < end) {
      wait(GRACE_MILLIS);
    }
    return others.size();
  }

  private void serve(Peer peer, int rank) {
    add(peer, rank);
    String name = "rank %s at %s".formatted(rank, peer.host());
    try {
      Message its = peer.receive(Peer.LONG, () -> false);
      if (its.kind() != Kind.END) {
        lost(name + ": " + its.text());
      }
    } catch (IOException gone) {
      lost(name + " is gone (" + gone.getMessage() + ")");
    }
  }

  private synchronized void add(Peer peer, int rank) {
    if (rank < 1 || rank >= ranks.size() || others.putIfAbsent(rank, peer) != null) {
      throw new IllegalArgumentException("is no rank that is missing: " + rank);
    }
    notifyAll();
  }

  private void lost(String why) {
    try {
      TimeUnit.MILLISECONDS.sleep(GRACE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (tell()) {
      ended.accept(new End(false, Optional.of(ErrorText.oneLine(why))));
    }
  }

  /** Says the last word to all, and only once. */
  private synchronized boolean tell() {
    if (over) {
      return false;
    }
    over = true;
    for (Peer other : others.values()) {
      try {
        other.send(last);
      } catch (IOException gone) {
        // It has ended already.
      }
    }
    return true;
  }

  @Override
  public synchronized void finished() {
    last = Message.of(Kind.END, "");
  }

  @Override
  public boolean reported(String why) {
    return false;
  }

  @Override
  public void close() {
    tell();
    door.close();
  }
}
