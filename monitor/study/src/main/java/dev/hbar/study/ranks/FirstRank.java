package dev.hbar.study.ranks;

import dev.hbar.mlx.ErrorText;
import dev.hbar.study.StudyException;
import dev.hbar.study.ranks.Message.Kind;
import dev.hbar.study.scoring.Crew;
import dev.hbar.study.scoring.GroupQueue;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Rank 0: listens for the others and gives them groups of samples. Whoever does not prove within
 * ten seconds that it knows the secret is sent away, and only a few may try at a time; a rank that
 * ends, errs or takes far too long loses its samples to the others.
 */
public final class FirstRank implements Crew {
  private static final int STRANGERS = 16;
  private static final int COMPLAINTS = 8;
  private static final int AHEAD = 4;
  private static final long PROOF_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Ranks ranks;
  private final Consumer<String> say;
  private final ServerSocket listening;
  private final Semaphore strangers = new Semaphore(STRANGERS);
  private final AtomicInteger complaints = new AtomicInteger();
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
  private final Set<Peer> peers = ConcurrentHashMap.newKeySet();
  private Optional<Crew.Shared<?>> run = Optional.empty();
  private volatile boolean closed;

  private FirstRank(Ranks ranks, Consumer<String> say, ServerSocket listening) {
    this.ranks = ranks;
    this.say = say;
    this.listening = listening;
  }

  /**
   * Listens at the ranks' address, and no other.
   *
   * @param say gets lines for the user, from any thread
   * @throws StudyException if the address cannot be used
   */
  static FirstRank open(Ranks ranks, Consumer<String> say) {
    try {
      ServerSocket listening = new ServerSocket();
      listening.setReuseAddress(true);
      listening.bind(ranks.socketAddress());
      FirstRank first = new FirstRank(ranks, say, listening);
      Thread.ofVirtual().start(first::accept);
      return first;
    } catch (IOException e) {
      throw new StudyException(
          "rank 0 cannot listen at %s (%s); choose another address or port"
              .formatted(ranks.address(), ErrorText.reason(e)));
    }
  }

  /** What a run's crew is where a launcher may have said that there are several ranks. */
  public static Crew of(Optional<Ranks> ranks, Consumer<String> say) {
    return ranks.filter(all -> all.size() > 1).<Crew>map(all -> open(all, say)).orElse(Crew.NONE);
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

  private void accept() {
    while (!closed) {
      try {
        Socket socket = listening.accept();
        if (strangers.tryAcquire()) {
          Thread thread = Thread.ofVirtual().unstarted(() -> meet(socket));
          threads.add(thread);
          thread.start();
        } else {
          socket.close();
        }
      } catch (IOException failed) {
        // Of this one connection, or closed.
      }
    }
  }

  private void meet(Socket socket) {
    SocketAddress from = socket.getRemoteSocketAddress();
    try (Peer peer = new Peer(socket, ranks.limits().silence())) {
      peers.add(peer);
      int rank;
      try {
        rank = proved(peer);
      } finally {
        strangers.release();
      }
      serve(peer, "rank %s at %s".formatted(rank, peer.host()));
      peers.remove(peer);
    } catch (IOException | RuntimeException refused) {
      if (!closed && complaints.getAndIncrement() < COMPLAINTS) {
        say.accept("a connection from %s is refused: it %s".formatted(from, refused.getMessage()));
      }
    } finally {
      threads.remove(Thread.currentThread());
    }
  }

  /** The rank at the other side, once both have proved that they know the secret. */
  private int proved(Peer peer) throws IOException {
    long begin = System.nanoTime();
    Message hello = receive(peer, begin).require(Kind.NONCE);
    String nonce = Secret.nonce();
    peer.send(Message.of(Kind.NONCE, nonce));
    String both = hello.start() + " " + hello.text() + " " + nonce;
    Message proof = receive(peer, begin).require(Kind.PROOF);
    if (!ranks.secret().proves(proof.text(), "other " + both)) {
      peer.end(Message.of(Kind.ERROR, "the secrets of the two differ (HBAR_RANK_SECRET_FILE)"));
      throw new IOException("has another secret");
    }
    peer.send(Message.of(Kind.PROOF, ranks.secret().proof("first " + both)));
    peer.beat();
    return hello.start();
  }

  private static Message receive(Peer peer, long begin) throws IOException {
    return peer.receive(Peer.SHORT, () -> System.nanoTime() - begin > PROOF_NANOS);
  }

  /** Gives groups to a rank until the end. */
  private void serve(Peer peer, String name) {
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
    try (listening) {
      for (Thread thread : List.copyOf(threads)) {
        thread.join(TimeUnit.SECONDS.toMillis(2));
      }
    } catch (IOException e) {
      // Closed all the same.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    peers.forEach(Peer::close);
  }
}
