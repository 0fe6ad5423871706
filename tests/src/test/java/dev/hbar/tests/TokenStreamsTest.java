package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.mlx.Mlx;
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
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens as a stream and for a subscriber. */
class TokenStreamsTest {
  private static final GenerationSettings EIGHT = GenerationSettings.builder().maxTokens(8).build();

  @TempDir Path folder;
  private long arraysBefore;

  @BeforeEach
  void countArrays() {
    arraysBefore = Mlx.liveArrays();
  }

  @AfterEach
  void noArray_isLeft() {
    assertEquals(arraysBefore, Mlx.liveArrays());
  }

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

  private GenerationModel open(Fixture fixture) throws IOException {
    return GenerationModel.open(fixture.withTokenizer(folder).toString());
  }

  private static int[] ids(GenerationResult result) {
    return result.tokens().stream().mapToInt(GeneratedToken::id).toArray();
  }

  private static final class Collector implements Flow.Subscriber<GeneratedToken> {
    private final CountDownLatch enough;
    private final CountDownLatch done = new CountDownLatch(1);
    private final List<Integer> ids = new ArrayList<>();
    private final int wanted;
    private Flow.Subscription subscription;

    Collector(int wanted) {
      this.wanted = wanted;
      this.enough = new CountDownLatch(wanted);
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
      subscription = given;
      given.request(wanted);
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
