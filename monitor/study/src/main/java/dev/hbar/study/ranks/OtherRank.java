package dev.hbar.study.ranks;

import dev.hbar.study.StudyException;
import dev.hbar.study.dataset.Sample;
import dev.hbar.study.dataset.SampleSource;
import dev.hbar.study.ranks.Message.Kind;
import dev.hbar.study.scores.SampleScore;
import dev.hbar.study.scores.ScoreFile;
import dev.hbar.study.scores.ScoreLines;
import dev.hbar.study.scoring.GroupQueue;
import dev.hbar.study.scoring.SampleRunner;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A rank that works on groups of samples for rank 0 and writes no file. */
public final class OtherRank {
  private final Ranks ranks;
  private final Consumer<String> gone;
  private volatile boolean ended;

  /**
   * A rank above 0.
   *
   * @param gone gets one line in another thread if rank 0 ends while this one may be computing;
   *     ends the process
   */
  public OtherRank(Ranks ranks, Consumer<String> gone) {
    this.ranks = ranks;
    this.gone = gone;
  }

  /**
   * What this process has for a run.
   *
   * @param header what the run is here, in one line; rank 0 compares it
   * @param worker does a group
   */
  public record Work(String header, SampleSource source, Worker worker) {
    /** Scoring. */
    public static Work scoring(
        ScoreFile.Header header, SampleSource source, SampleRunner.Scorer scorer) {
      return new Work(
          ScoreLines.write(header),
          source,
          (group, sender) -> {
            for (SampleScore score : SampleRunner.score(scorer, group.samples())) {
              sender.send(ScoreLines.write(score));
            }
          });
    }
  }

  /** Does groups of a run. */
  @FunctionalInterface
  public interface Worker {
    /** Sends the lines of what it makes of a group. */
    void work(GroupQueue.Group group, Sender sender) throws IOException;
  }

  /** The way to rank 0. */
  @FunctionalInterface
  public interface Sender {
    /** Sends a line. */
    void send(String line) throws IOException;
  }

  /** Opens what a run needs. */
  @FunctionalInterface
  public interface Opener {
    /**
     * What is here for rank 0's run.
     *
     * @param wanted the header of that run
     * @throws RuntimeException with a one-line message if nothing is
     */
    Work open(String wanted);
  }

  /**
   * Works for rank 0 until nothing is left to do.
   *
   * @return samples that were done
   * @throws StudyException if rank 0 cannot be reached or refuses
   */
  public int run(Opener opener) {
    try (Peer peer = Handshake.connect(ranks)) {
      BlockingQueue<Message> orders = new LinkedBlockingQueue<>();
      Thread.ofVirtual().start(() -> listen(peer, orders));
      try {
        return obey(peer, orders, opener);
      } finally {
        ended = true;
      }
    } catch (IOException e) {
      throw new StudyException(goneWhy(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("a rank's thread is not interrupted", e);
    }
  }

  /** In a thread of its own, so that the end of rank 0 is noticed in the middle of a group. */
  private void listen(Peer peer, BlockingQueue<Message> orders) {
    try {
      while (true) {
        Message order = peer.receive(Peer.LONG, () -> false);
        orders.add(order);
        ended |= order.kind() == Kind.END || order.kind() == Kind.ERROR;
      }
    } catch (IOException over) {
      if (!ended) {
        gone.accept(goneWhy(over));
      }
    }
  }

  private int obey(Peer peer, BlockingQueue<Message> orders, Opener opener)
      throws IOException, InterruptedException {
    int scored = 0;
    Optional<Work> work = Optional.empty();
    while (true) {
      Message order = orders.take();
      switch (order.kind()) {
        case RUN -> work = Optional.of(opened(peer, opener, order.text()));
        case GROUP -> scored += work(peer, work.orElseThrow(), order);
        case END -> {
          return scored;
        }
        default -> throw Handshake.refused(order);
      }
    }
  }

  private Work opened(Peer peer, Opener opener, String wanted) throws IOException {
    try {
      Work work = opener.open(wanted);
      peer.send(Message.of(Kind.RUN, work.header()));
      return work;
    } catch (RuntimeException cannot) {
      ended = true;
      peer.end(Message.of(Kind.ERROR, String.valueOf(cannot.getMessage())));
      throw cannot;
    }
  }

  private static int work(Peer peer, Work work, Message order) throws IOException {
    List<Sample> group;
    try (Stream<Sample> samples = work.source().open()) {
      group = samples.skip(order.start()).limit(order.count()).toList();
    }
    work.worker()
        .work(
            new GroupQueue.Group(order.start(), group, 0),
            line -> peer.send(Message.of(Kind.FOUND, line)));
    return group.size();
  }

  private String goneWhy(IOException why) {
    return "rank 0 at %s is gone (%s); run the same command again to resume"
        .formatted(ranks.address(), why.getMessage());
  }
}
