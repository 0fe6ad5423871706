package dev.hbar.study.ranks;

import dev.hbar.mlx.ErrorText;
import dev.hbar.study.StudyException;
import dev.hbar.study.ranks.Message.Kind;
import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.TimeUnit;

/** How two ranks meet: each proves to the other that it knows the secret. */
final class Handshake {
  private static final long CONNECT_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final long PROOF_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final int RETRY_MILLIS = 200;

  private Handshake() {}

  /** Hears whoever connected with rank 0; the number of the rank that it has proved to be. */
  static int hear(Peer peer, Ranks ranks) throws IOException {
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

  /**
   * Connects with rank 0, once it is there.
   *
   * @throws StudyException if it does not come within a minute, refuses, or is somebody else
   */
  static Peer connect(Ranks ranks) throws IOException, InterruptedException {
    Peer peer = connected(ranks);
    boolean proved = false;
    try {
      prove(peer, ranks);
      peer.beat();
      proved = true;
      return peer;
    } finally {
      if (!proved) {
        peer.close();
      }
    }
  }

  private static Peer connected(Ranks ranks) throws InterruptedException {
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

  private static void prove(Peer peer, Ranks ranks) throws IOException {
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

  /** What rank 0 said before it hung up. */
  static StudyException refused(Message answer) {
    return new StudyException("rank 0 refuses this rank: " + ErrorText.oneLine(answer.text()));
  }
}
