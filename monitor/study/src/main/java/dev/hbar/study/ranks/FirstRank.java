package dev.hbar.study.ranks;

import dev.hbar.mlx.ErrorText;
import dev.hbar.study.StudyException;
import dev.hbar.study.ranks.Message.Kind;
import dev.hbar.study.scoring.Crew;
import dev.hbar.study.scoring.GroupQueue;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Rank 0: gives the others groups of samples. A rank that ends, errs or takes far too long loses
 * its samples to the others.
 */
public final class FirstRank implements Crew {
  private static final int AHEAD = 4;

  private final Ranks ranks;
  private final Consumer<String> say;
  private final Door door;
  private Optional<Crew.Shared<?>> run = Optional.empty();
  private volatile boolean closed;

  private FirstRank(Ranks ranks, Consumer<String> say) {
    this.ranks = ranks;
    this.say = say;
    this.door = Door.open(ranks, say, this::serve);
  }

  /** What a run's crew is where a launcher may have said that there are several ranks. */
  public static Crew of(Optional<Ranks> ranks, Consumer<String> say) {
    return ranks
        .filter(all -> all.size() > 1)
        .<Crew>map(all -> new FirstRank(all, say))
        .orElse(Crew.NONE);
  }

  @Override
  public int groupsAhead() {
    return AHEAD * ranks.size();
  }

  @Override
  public Duration patience() {
    return ranks.limits().patience();
  }

  @Override
  public synchronized void help(Crew.Shared<?> shared) {
    run = Optional.of(shared);
    notifyAll();
  }

  /** Gives groups to a rank until the end. */
  private void serve(Peer peer, int rank) {
    String name = "rank %s at %s".formatted(rank, peer.host());
    try {
      Optional<Crew.Shared<?>> next = awaitRun(Optional.empty());
      while (next.isPresent()) {
        if (!agrees(peer, name, next.get()) || !serve(peer, name, next.get())) {
          return;
        }
        next = awaitRun(next);
      }
      peer.end(Message.of(Kind.END, ""));
    } catch (IOException gone) {
      say(name + " is gone (" + gone.getMessage() + ")");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized Optional<Crew.Shared<?>> awaitRun(Optional<Crew.Shared<?>> before)
      throws InterruptedException {
    while (!closed && run.equals(before)) {
      wait();
    }
    return closed ? Optional.empty() : run;
  }

  private boolean agrees(Peer peer, String name, Crew.Shared<?> of) throws IOException {
    peer.send(Message.of(Kind.RUN, of.header()));
    Message answer = peer.receive(Peer.LONG, () -> closed);
    Optional<String> problem =
        answer.kind() == Kind.ERROR ? Optional.of(answer.text()) : difference(of, answer);
    if (problem.isPresent()) {
      say("%s is refused: %s".formatted(name, ErrorText.oneLine(problem.get())));
      peer.end(Message.of(Kind.ERROR, "it is another run than rank 0's: " + problem.get()));
    }
    return problem.isEmpty();
  }

  private static Optional<String> difference(Crew.Shared<?> of, Message answer) throws IOException {
    try {
      return of.firstDifference(answer.require(Kind.RUN).text());
    } catch (StudyException e) {
      throw new IOException("sent no header: " + e.getMessage(), e);
    }
  }

  /** Gives out groups of one run; false if the rank is lost. */
  private <R> boolean serve(Peer peer, String name, Crew.Shared<R> of) throws InterruptedException {
    Optional<GroupQueue.Group> group = of.queue().take();
    while (group.isPresent()) {
      try {
        of.queue().finish(group.get(), found(peer, group.get(), of));
      } catch (IOException | RuntimeException gone) {
        of.queue().giveBack(group.get());
        say(
            "%s is gone (%s); its %s samples are taken up by the others"
                .formatted(name, gone.getMessage(), group.get().samples().size()));
        return false;
      }
      group = of.queue().take();
    }
    return true;
  }

  private <R> R found(Peer peer, GroupQueue.Group group, Crew.Shared<R> of) throws IOException {
    long begin = System.nanoTime();
    peer.send(new Message(Kind.GROUP, "", group.start(), group.samples().size()));
    return of.received(
        group,
        () ->
            peer.receive(Peer.LONG, () -> closed || of.queue().isOverdue(begin))
                .require(Kind.FOUND)
                .text());
  }

  private void say(String line) {
    if (!closed) {
      say.accept(ErrorText.oneLine(line));
    }
  }

  /** Tells the others that nothing is left, and hears no more. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    door.close();
  }
}
