package dev.hbar.study.ranks;

import dev.hbar.mlx.ErrorText;
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
import java.net.Socket;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A rank that works on groups of samples for rank 0 and writes no file. */
public final class OtherRank {
  private static final long CONNECT_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final int RETRY_MILLIS = 200;

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
    try (Peer peer = connected()) {
      prove(peer);
      peer.beat();
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

  private Peer connected() throws InterruptedException {
    long begin = System.nanoTime();
    while (true) {
      Socket socket = new Socket();
      try {
        socket.connect(ranks.socketAddress(), 5000);
        return new Peer(socket, ranks.limits().silence());
      } catch (IOException notYet) {
        closeQuietly(socket);
        if (System.nanoTime() - begin > CONNECT_NANOS) {
          throw new StudyException(
              "rank 0 does not answer at %s (%s); start it, and let its port through"
                  .formatted(ranks.address(), ErrorText.reason(notYet)));
        }
        TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
      }
    }
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // Never connected.
    }
  }

  private void prove(Peer peer) throws IOException {
    String nonce = Secret.nonce();
    peer.send(new Message(Kind.NONCE, nonce, ranks.rank(), 0));
    String both = ranks.rank() + " " + nonce + " " + next(peer).require(Kind.NONCE).text();
    peer.send(Message.of(Kind.PROOF, ranks.secret().proof("other " + both)));
    Message proof = next(peer);
    if (proof.kind() == Kind.ERROR) {
      throw refused(proof);
    }
    if (!ranks.secret().proves(proof.require(Kind.PROOF).text(), "first " + both)) {
      throw new StudyException(
          "what listens at %s is not rank 0: it does not know the secret"
              .formatted(ranks.address()));
    }
  }

  private static Message next(Peer peer) throws IOException {
    return peer.receive(Peer.SHORT, () -> false);
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
        default -> throw refused(order);
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

  private static StudyException refused(Message answer) {
    return new StudyException("rank 0 refuses this rank: " + ErrorText.oneLine(answer.text()));
  }

  private String goneWhy(IOException why) {
    return "rank 0 at %s is gone (%s); run the same command again to resume"
        .formatted(ranks.address(), why.getMessage());
  }
}
