package dev.hbar.monitor.generation;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.Flow;
import java.util.concurrent.Semaphore;
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

  /** One subscription: what was requested is a semaphore's permits. */
  private static final class Feed implements Flow.Subscription {
    private final Flow.Subscriber<? super GeneratedToken> subscriber;
    private final Semaphore requested = new Semaphore(0);
    private volatile boolean cancelled;
    private volatile boolean misused;

    Feed(Flow.Subscriber<? super GeneratedToken> subscriber) {
      this.subscriber = subscriber;
    }

    @Override
    public void request(long count) {
      misused |= count < 1;
      // More than a text can have; the semaphore must not overflow.
      int room = Integer.MAX_VALUE - requested.availablePermits();
      requested.release(Math.clamp(count, 1, Math.max(1, room)));
    }

    @Override
    public void cancel() {
      cancelled = true;
      requested.release();
    }

    void run(Supplier<Generation> generations) {
      try (Generation generation = generations.get()) {
        boolean more = true;
        while (more && isWanted()) {
          Optional<GeneratedToken> token = generation.next(() -> !cancelled);
          token.filter(some -> !cancelled).ifPresent(subscriber::onNext);
          more = token.isPresent() && !generation.isEnded();
        }
        if (!cancelled && !misused) {
          subscriber.onComplete();
        }
      } catch (RuntimeException | Error failure) {
        if (!cancelled) {
          subscriber.onError(failure);
        }
      }
    }

    private boolean isWanted() {
      requested.acquireUninterruptibly();
      if (misused && !cancelled) {
        subscriber.onError(new IllegalArgumentException("request needs a positive number"));
      }
      return !cancelled && !misused;
    }
  }
}
