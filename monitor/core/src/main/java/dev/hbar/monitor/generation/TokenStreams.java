package dev.hbar.monitor.generation;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.Flow;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The tokens of a generation as the JDK's own kinds of streams. */
final class TokenStreams {
  private TokenStreams() {}

  /** Computes a token when the stream asks for it. */
  static Stream<GeneratedToken> stream(Generation generation) {
    int kind = Spliterator.ORDERED | Spliterator.NONNULL;
    return StreamSupport.stream(
            Spliterators.spliteratorUnknownSize(new Tokens(generation), kind), false)
        .onClose(generation::close);
  }

  /** A generation of its own for every subscriber. */
  static Flow.Publisher<GeneratedToken> publisher(Supplier<Generation> generations) {
    return subscriber -> {
      Feed feed = new Feed(subscriber);
      subscriber.onSubscribe(feed);
      Thread.ofVirtual().name("hbar tokens").start(() -> feed.run(generations));
    };
  }

  private static final class Tokens implements Iterator<GeneratedToken> {
    private final Generation generation;
    private Optional<GeneratedToken> ahead = Optional.empty();

    Tokens(Generation generation) {
      this.generation = generation;
    }

    @Override
    public boolean hasNext() {
      if (ahead.isEmpty() && !generation.isEnded()) {
        ahead = generation.next();
      }
      return ahead.isPresent();
    }

    @Override
    public GeneratedToken next() {
      if (!hasNext()) {
        throw new NoSuchElementException("the text has ended");
      }
      GeneratedToken token = ahead.orElseThrow();
      ahead = Optional.empty();
      return token;
    }
  }

  /** One subscription. */
  private static final class Feed implements Flow.Subscription {
    private final Flow.Subscriber<? super GeneratedToken> subscriber;
    private long requested;
    private boolean cancelled;
    private boolean misused;

    Feed(Flow.Subscriber<? super GeneratedToken> subscriber) {
      this.subscriber = subscriber;
    }

    @Override
    public synchronized void request(long count) {
      misused |= count < 1;
      long room = Long.MAX_VALUE - requested;
      requested += Math.clamp(count, 0, room);
      notifyAll();
    }

    @Override
    public synchronized void cancel() {
      cancelled = true;
      notifyAll();
    }

    private synchronized boolean isCancelled() {
      return cancelled;
    }

    /** The text is closed before its subscriber hears of its end. */
    void run(Supplier<Generation> generations) {
      Optional<Throwable> failure = Optional.empty();
      try (Generation generation = generations.get()) {
        boolean more = true;
        while (more && isWanted()) {
          Optional<GeneratedToken> token = generation.next(() -> !isCancelled());
          token.filter(some -> !isCancelled()).ifPresent(subscriber::onNext);
          more = token.isPresent() && !generation.isEnded();
        }
      } catch (RuntimeException | Error thrown) {
        failure = Optional.of(thrown);
      }
      if (!isCancelled()) {
        failure.ifPresentOrElse(subscriber::onError, subscriber::onComplete);
      }
    }

    /** Waits for a request. */
    private synchronized boolean isWanted() {
      while (requested == 0 && !cancelled && !misused) {
        try {
          wait();
        } catch (InterruptedException e) {
          // The thread is this feed's own; whoever interrupts it wants it to end.
          cancelled = true;
        }
      }
      if (misused && !cancelled) {
        throw new IllegalArgumentException("request needs a positive number");
      }
      requested--;
      return !cancelled;
    }
  }
}
