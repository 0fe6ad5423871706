package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.monitor.generation.GeneratedToken;
import dev.hbar.monitor.generation.GenerationModel;
import dev.hbar.monitor.generation.GenerationResult;
import dev.hbar.monitor.generation.GenerationSettings;
import dev.hbar.monitor.generation.TokenListener;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Tokens as a stream and for a subscriber. */
@ExtendWith(LeavesNoArrays.class)
class TokenStreamsTest {
  private static final GenerationSettings EIGHT = GenerationSettings.builder().maxTokens(8).build();

  @TempDir Path folder;

  @Test
  void stream_computesNoMoreThanIsTaken() throws Exception {
    Fixture fixture = Fixture.named("plain_float32");
    try (GenerationModel model = open(fixture)) {
      String prompt = "ABC";
      int[] whole =
          ids(model.generate(model.tokenizer().encode(prompt), EIGHT, TokenListener.NONE));
      try (Stream<GeneratedToken> tokens = model.stream(prompt, EIGHT)) {
        assertEquals(
            IntStream.of(whole).limit(3).boxed().toList(),
            tokens.limit(3).map(GeneratedToken::id).toList());
      }
      try (Stream<GeneratedToken> tokens = model.stream(prompt, EIGHT)) {
        assertEquals(IntStream.of(whole).boxed().toList(), tokens.map(GeneratedToken::id).toList());
      }
    }
  }

  @Test
  void publisher_sendsWhatIsRequestedThenCompletes() throws Exception {
    Fixture fixture = Fixture.named("plain_float32");
    try (GenerationModel model = open(fixture)) {
      int[] whole = ids(model.generate("ABC", EIGHT, TokenListener.NONE));
      Collector collector = new Collector(whole.length);
      model.publisher("ABC", EIGHT).subscribe(collector);
      assertTrue(collector.done.await(60, TimeUnit.SECONDS));
      assertEquals(IntStream.of(whole).boxed().toList(), collector.ids);
      Collector three = new Collector(3);
      model.publisher("ABC", EIGHT).subscribe(three);
      assertTrue(three.enough.await(60, TimeUnit.SECONDS));
      assertFalse(three.done.await(200, TimeUnit.MILLISECONDS));
      assertEquals(IntStream.of(whole).limit(3).boxed().toList(), three.ids);
      three.subscription.cancel();
    }
  }

  @Test
  void subscriberThatAsksWithoutEnd_getsAllOnce_andMayCancelAtAnyTime() throws Exception {
    try (GenerationModel model = open(Fixture.named("plain_float32"))) {
      int[] whole = ids(model.generate("ABC", EIGHT, TokenListener.NONE));
      Collector all = new Collector(whole.length);
      model.publisher("ABC", EIGHT).subscribe(all.asking(Long.MAX_VALUE, Long.MAX_VALUE, 1));
      assertTrue(all.done.await(60, TimeUnit.SECONDS));
      assertEquals(IntStream.of(whole).boxed().toList(), all.ids);
      Collector gone = new Collector(whole.length);
      model.publisher("ABC", EIGHT).subscribe(gone.asking(Long.MAX_VALUE, 0, 1));
      assertFalse(gone.done.await(200, TimeUnit.MILLISECONDS));
      assertTrue(gone.ids.isEmpty());
    }
  }

  @Test
  void subscriberThatFailsAtTheEnd_isNotCalledAgain() throws Exception {
    try (GenerationModel model = open(Fixture.named("plain_float32"))) {
      CountDownLatch thrown = new CountDownLatch(1);
      AtomicInteger errors = new AtomicInteger();
      Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> thrown.countDown());
      try {
        model
            .publisher("ABC", EIGHT)
            .subscribe(
                new Collector(EIGHT.maxTokens().getAsInt()) {
                  @Override
                  public void onError(Throwable failure) {
                    errors.incrementAndGet();
                  }

                  @Override
                  public void onComplete() {
                    throw new IllegalStateException("mine");
                  }
                });
        assertTrue(thrown.await(60, TimeUnit.SECONDS));
      } finally {
        Thread.setDefaultUncaughtExceptionHandler(null);
      }
      assertEquals(0, errors.get());
    }
  }

  private GenerationModel open(Fixture fixture) throws IOException {
    return GenerationModel.open(fixture.withTokenizer(folder).toString());
  }

  private static int[] ids(GenerationResult result) {
    return result.tokens().stream().mapToInt(GeneratedToken::id).toArray();
  }

  private static class Collector implements Flow.Subscriber<GeneratedToken> {
    private final CountDownLatch enough;
    private final CountDownLatch done = new CountDownLatch(1);
    private final List<Integer> ids = new ArrayList<>();
    private long[] requests;
    private Flow.Subscription subscription;

    Collector(int wanted) {
      this.enough = new CountDownLatch(wanted);
      this.requests = new long[] {wanted};
    }

    /** Asks for so many, one after the other; 0 cancels twice. */
    Collector asking(long... counts) {
      requests = counts;
      return this;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
      subscription = given;
      for (long count : requests) {
        if (count == 0) {
          given.cancel();
          given.cancel();
        } else {
          given.request(count);
        }
      }
    }

    @Override
    public void onNext(GeneratedToken token) {
      ids.add(token.id());
      enough.countDown();
    }

    @Override
    public void onError(Throwable failure) {
      throw new AssertionError(failure);
    }

    @Override
    public void onComplete() {
      done.countDown();
    }
  }
}
