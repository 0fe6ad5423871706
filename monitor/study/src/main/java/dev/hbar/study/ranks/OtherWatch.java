package dev.hbar.study.ranks;

import dev.hbar.study.StudyException;
import dev.hbar.study.ranks.Message.Kind;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;

/** Hears from rank 0. */
final class OtherWatch implements RankWatch {
  private static final int HANGING_UP_MILLIS = 1000;

  private final Peer first;
  private final String name;
  private final Consumer<End> ended;
  private final Thread listening = Thread.ofVirtual().unstarted(this::listen);
  private volatile boolean over;

  private OtherWatch(Peer first, String name, Consumer<End> ended) {
    this.first = first;
    this.name = name;
    this.ended = ended;
  }

  static RankWatch open(Ranks ranks, Consumer<End> ended) throws InterruptedException {
    String name = "rank 0 at " + ranks.address();
    try {
      OtherWatch watch = new OtherWatch(Handshake.connect(ranks), name, ended);
      watch.listening.start();
      return watch;
    } catch (IOException e) {
      throw new StudyException(name + " is gone (" + e.getMessage() + ")", e);
    }
  }

  private void listen() {
    try {
      Message last = first.receive(Peer.LONG, () -> false);
      ended.accept(new End(last.kind() == Kind.END, Optional.empty()));
    } catch (IOException gone) {
      if (!over) {
        ended.accept(new End(false, Optional.of(name + " is gone (" + gone.getMessage() + ")")));
      }
    }
  }

  @Override
  public void finished() {
    // Before it is said, as rank 0 hangs up once it has heard it.
    over = true;
    tell(Message.of(Kind.END, ""));
  }

  @Override
  public boolean reported(String why) {
    over = true;
    return tell(Message.of(Kind.ERROR, why));
  }

  private boolean tell(Message last) {
    try {
      first.send(last);
      return true;
    } catch (IOException gone) {
      return false;
    }
  }

  /** Rank 0 hangs up once it has heard the last word. */
  @Override
  public void close() {
    try {
      listening.join(over ? HANGING_UP_MILLIS : 1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    over = true;
    first.close();
  }
}
