package dev.hbar.study.ranks;

import dev.hbar.mlx.ErrorText;
import dev.hbar.study.StudyException;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Where rank 0 lets the others in. Whoever does not prove within ten seconds that it knows the
 * secret is sent away, and only a few may try at a time.
 */
final class Door implements AutoCloseable {
  private static final int STRANGERS = 16;
  private static final int COMPLAINTS = 8;

  private final Ranks ranks;
  private final Consumer<String> say;
  private final Host host;
  private final ServerSocket listening;
  private final Semaphore strangers = new Semaphore(STRANGERS);
  private final AtomicInteger complaints = new AtomicInteger();
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
  private final Set<Peer> peers = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  private Door(Ranks ranks, Consumer<String> say, Host host, ServerSocket listening) {
    this.ranks = ranks;
    this.say = say;
    this.host = host;
    this.listening = listening;
  }

  /** Who is inside. */
  @FunctionalInterface
  interface Host {
    /** Talks with a rank until one of the two ends, in a thread of its own. */
    void serve(Peer peer, int rank);
  }

  /**
   * Listens at the ranks' address, and no other.
   *
   * @param say gets lines for the user, from any thread
   * @throws StudyException if the address cannot be used
   */
  static Door open(Ranks ranks, Consumer<String> say, Host host) {
    try {
      ServerSocket listening = new ServerSocket();
      listening.setReuseAddress(true);
      listening.bind(ranks.socketAddress());
      Door door = new Door(ranks, say, host, listening);
      Thread.ofVirtual().start(door::accept);
      return door;
    } catch (IOException e) {
      throw new StudyException(
          "rank 0 cannot listen at %s (%s); choose another address or port"
              .formatted(ranks.address(), ErrorText.reason(e)));
    }
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
        rank = Handshake.hear(peer, ranks);
      } finally {
        strangers.release();
      }
      host.serve(peer, rank);
      peers.remove(peer);
    } catch (IOException | RuntimeException refused) {
      if (!closed && complaints.getAndIncrement() < COMPLAINTS) {
        say.accept("a connection from %s is refused: it %s".formatted(from, refused.getMessage()));
      }
    } finally {
      threads.remove(Thread.currentThread());
    }
  }

  /** Waits two seconds for each talk to end, and hears no more. */
  @Override
  public void close() {
    closed = true;
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
