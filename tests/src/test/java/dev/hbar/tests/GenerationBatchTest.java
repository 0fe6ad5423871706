package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.model.decode.Sampling;
import dev.hbar.monitor.generation.GeneratedToken;
import dev.hbar.monitor.generation.Generation;
import dev.hbar.monitor.generation.GenerationBatch;
import dev.hbar.monitor.generation.GenerationException;
import dev.hbar.monitor.generation.GenerationModel;
import dev.hbar.monitor.generation.GenerationResult;
import dev.hbar.monitor.generation.GenerationResult.StopReason;
import dev.hbar.monitor.generation.GenerationSettings;
import dev.hbar.monitor.generation.TokenListener;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts that share their steps: each is what it is alone, whoever comes and goes beside it. */
@ExtendWith(LeavesNoArrays.class)
class GenerationBatchTest {
  /**
   * Float32 sums of a batch are taken in another order than those of one row: some 1e-6 of a logit
   * of size 1 to 10, which moves a surprise by as much.
   */
  private static final double TOLERANCE = 2e-4;

  @TempDir Path folder;

  /**
   * Keys and values, windows, lengths that turn the rope, recurrent states, convolutions, experts.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "plain_float32",
        "mistral_window_crossing",
        "qwen3_dynamic",
        "phi3_longrope_crossing",
        "qwen3_next_moe",
        "lfm2_bias",
        "granitemoehybrid_moe",
        "gpt_oss_raw",
        "deepseek_raw"
      })
  void textsThatComeAndGo_areWhatEachIsAlone(String name) throws Exception {
    Fixture fixture = Fixture.named(name);
    try (GenerationModel model = open(fixture);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        GenerationBatch batch = new GenerationBatch(model, 4)) {
      int[] prompt = fixture.prompt();
      List<Future<GenerationResult>> together = new ArrayList<>();
      for (int i = 0; i < 7; i++) {
        int row = i;
        together.add(
            threads.submit(
                () -> batch.start(beginning(prompt, row), settings(row)).run(TokenListener.NONE)));
      }
      for (int i = 0; i < 7; i++) {
        GenerationResult alone =
            model.generate(beginning(prompt, i), settings(i), TokenListener.NONE);
        assertSame(name + " row " + i, alone, together.get(i).get());
      }
    }
  }

  /** Prompts of seven lengths. */
  private static int[] beginning(int[] prompt, int row) {
    return Arrays.copyOf(prompt, Math.max(1, prompt.length - row));
  }

  /** Texts of seven lengths, chosen in five ways and measured in three. */
  private static GenerationSettings settings(int row) {
    Sampling sampling =
        switch (row) {
          case 1 -> Sampling.at(0.8f, 11);
          case 2 -> Sampling.GREEDY.with(new Sampling.Penalties(1.3f, 0.2f, 0.1f));
          case 3 -> Sampling.GREEDY.withLogitBias(Map.of(3, 50f));
          case 4 -> new Sampling(1.1f, 5, 0.9f, 0.01f, 7);
          default -> Sampling.GREEDY;
        };
    GenerationSettings.Builder settings =
        GenerationSettings.builder().sampling(sampling).maxTokens(3 + 2 * row);
    return switch (row % 3) {
      case 1 -> settings.alternatives(3).build();
      case 2 -> settings.allSignals().build();
      default -> settings.build();
    };
  }

  private static void assertSame(String what, GenerationResult alone, GenerationResult together) {
    assertArrayEquals(ids(alone), ids(together), what);
    assertEquals(alone.stop(), together.stop(), what);
    for (int t = 0; t < alone.tokens().size(); t++) {
      GeneratedToken one = alone.tokens().get(t);
      GeneratedToken other = together.tokens().get(t);
      String where = what + " token " + t;
      assertEquals(one.signals().surprise(), other.signals().surprise(), TOLERANCE, where);
      assertEquals(one.signals().pri(), other.signals().pri(), TOLERANCE, where);
      assertEquals(one.signals().hbar(), other.signals().hbar(), TOLERANCE, where);
      assertEquals(one.signals().signals(), other.signals().signals(), where);
      assertEquals(one.alternatives().size(), other.alternatives().size(), where);
    }
  }

  private static int[] ids(GenerationResult result) {
    return result.tokens().stream().mapToInt(GeneratedToken::id).toArray();
  }

  /** It never joins the batch; a state that cannot go back is kept where the answer begins. */
  @ParameterizedTest
  @ValueSource(strings = {"plain_float32", "qwen3_next_moe"})
  void answerOfOneToken_leavesItsPromptForTheNext(String name) throws Exception {
    Fixture fixture = Fixture.named(name);
    int[] prompt = fixture.prompt();
    int[] longer = Arrays.copyOf(prompt, prompt.length + 2);
    GenerationSettings one = GenerationSettings.builder().maxTokens(1).build();
    try (GenerationModel model = open(fixture);
        GenerationBatch batch = new GenerationBatch(model, 2)) {
      GenerationResult alone = model.generate(longer, settings(0), TokenListener.NONE);
      assertEquals(1, batch.start(prompt, one).run(TokenListener.NONE).tokens().size());
      assertEquals(1, batch.start(prompt, one).run(TokenListener.NONE).tokens().size());
      Generation next = batch.start(longer, settings(0));
      assertSame(name, alone, next.run(TokenListener.NONE));
      assertEquals(prompt.length, next.reusedTokens());
    }
  }

  @Test
  void cancelledAtRandomMoments_theOthersAreWhatTheyWereAlone() throws Exception {
    Fixture fixture = Fixture.named("plain_float32");
    Random random = new Random(5);
    try (GenerationModel model = open(fixture);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        GenerationBatch batch = new GenerationBatch(model, 5)) {
      GenerationSettings twenty = GenerationSettings.builder().maxTokens(20).build();
      int[] alone = ids(model.generate(fixture.prompt(), twenty, TokenListener.NONE));
      List<Future<GenerationResult>> all = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        int most = i % 2 == 0 ? 20 : random.nextInt(20);
        all.add(threads.submit(() -> stoppedAfter(batch.start(fixture.prompt(), twenty), most)));
      }
      for (int i = 0; i < all.size(); i++) {
        GenerationResult result = all.get(i).get();
        int[] ids = ids(result);
        assertArrayEquals(Arrays.copyOf(alone, ids.length), ids, "text " + i);
        assertTrue(i % 2 != 0 || ids.length == 20, "text " + i + " is whole");
      }
    }
  }

  /** Cancels after so many tokens, and reads what comes then. */
  private static GenerationResult stoppedAfter(Generation text, int most) {
    try (text) {
      for (int i = 0; i < most && text.next().isPresent(); i++) {}
      text.cancel();
      while (text.next().isPresent()) {}
      return text.result();
    }
  }

  /** The next turn: prompt and answer as they stood, or changed in the middle. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "plain_float32",
        "mistral_window_crossing",
        "qwen3_next_moe",
        "phi3_longrope_crossing"
      })
  void promptThatBeginsAsAnEarlierText_isAnsweredAsIfItWereTheFirst(String name) throws Exception {
    Fixture fixture = Fixture.named(name);
    try (GenerationModel model = open(fixture);
        GenerationBatch batch = new GenerationBatch(model, 3)) {
      GenerationSettings six = GenerationSettings.builder().maxTokens(6).allSignals().build();
      int[] prompt = fixture.prompt();
      int[] answer = ids(batch.start(prompt, six).run(TokenListener.NONE));
      int[] next = Arrays.copyOf(prompt, prompt.length + answer.length + 2);
      System.arraycopy(answer, 0, next, prompt.length, answer.length);
      int[] changed = next.clone();
      changed[prompt.length + 2] ^= 1;
      int[] early = prompt.clone();
      early[prompt.length / 2] ^= 1;
      for (int[] later : List.of(next, changed, early, prompt)) {
        GenerationResult alone = model.generate(later, six, TokenListener.NONE);
        Generation again = batch.start(later, six);
        assertSame(name, alone, again.run(TokenListener.NONE));
        if (name.equals("plain_float32")) {
          int common = Arrays.mismatch(later, next);
          int most = Math.min(later.length - 1, prompt.length + answer.length - 1);
          int expected = common < 0 ? most : Math.min(most, common);
          assertTrue(again.reusedTokens() >= expected, again.reusedTokens() + " of " + expected);
        }
      }
    }
  }

  @Test
  void abandonedText_leavesTheBatch() throws Exception {
    Fixture fixture = Fixture.named("plain_float32");
    try (GenerationModel model = open(fixture);
        GenerationBatch batch = new GenerationBatch(model, 1)) {
      GenerationSettings forty = GenerationSettings.builder().maxTokens(40).build();
      try (Generation abandoned = batch.start(fixture.prompt(), forty)) {
        assertTrue(abandoned.next().isPresent());
      }
      GenerationSettings two = GenerationSettings.builder().maxTokens(2).build();
      GenerationResult next = batch.start(fixture.prompt(), two).run(TokenListener.NONE);
      assertEquals(StopReason.LENGTH, next.stop());
      assertEquals(2, next.tokens().size());
    }
  }

  @Test
  void closedWhileBusy_everyTextEndsWithATypedError() throws Exception {
    Fixture fixture = Fixture.named("plain_float32");
    GenerationSettings many = GenerationSettings.builder().maxTokens(40).build();
    try (GenerationModel model = open(fixture)) {
      GenerationBatch batch = new GenerationBatch(model, 2);
      int[] prompt = fixture.prompt();
      List<Generation> all =
          IntStream.range(0, 5).mapToObj(i -> batch.start(prompt, many)).toList();
      assertTrue(all.getFirst().next().isPresent());
      batch.close();
      for (Generation text : all) {
        assertThrows(
            GenerationException.ModelClosed.class,
            () -> {
              while (text.next().isPresent()) {}
            });
      }
      Generation late = batch.start(prompt, many);
      assertThrows(GenerationException.ModelClosed.class, late::next);
      // Whoever asks again is told again and does not wait for ever.
      assertThrows(GenerationException.ModelClosed.class, late::next);
      late.close();
      assertThrows(GenerationException.ModelClosed.class, late::result);
    }
  }

  @Test
  void promptThatDoesNotFit_isRefusedAndTheNextOneIsAnswered() throws Exception {
    Fixture fixture = Fixture.named("plain_float32");
    try (GenerationModel model = open(fixture);
        GenerationBatch batch = new GenerationBatch(model, 2)) {
      GenerationSettings two = GenerationSettings.builder().maxTokens(2).build();
      assertThrows(GenerationException.BadPrompt.class, () -> batch.start(new int[0], two).next());
      int[] outside = {model.config().vocabSize()};
      assertThrows(RuntimeException.class, () -> batch.start(outside, two).next());
      assertEquals(2, batch.start(fixture.prompt(), two).run(TokenListener.NONE).tokens().size());
    }
  }

  @Test
  void shortPromptsBesideALongOne_beginBeforeItIsReadAndItIsReadAllTheSame() throws Exception {
    int[] words = new int[2000];
    Arrays.setAll(words, i -> 100 + i * 7 % 900);
    GenerationSettings one = GenerationSettings.builder().maxTokens(1).build();
    try (GenerationModel model = GenerationModel.open(RealCheckpoint.folder().toString());
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        GenerationBatch batch = new GenerationBatch(model, 4)) {
      batch.start(new int[] {1, 2, 3}, one).run(TokenListener.NONE);
      AtomicLong longEnded = new AtomicLong();
      long started = System.nanoTime();
      Future<GenerationResult> reading =
          threads.submit(
              () -> {
                GenerationResult result = batch.start(words, one).run(TokenListener.NONE);
                longEnded.set(System.nanoTime() - started);
                return result;
              });
      Thread.sleep(100);
      List<Long> waits = new ArrayList<>();
      // They come as fast as they are answered, so the long one has to be read between them.
      while (!reading.isDone()) {
        long asked = System.nanoTime();
        int[] prompt = {500 + waits.size(), 60, 70, 80};
        batch.start(prompt, one).run(TokenListener.NONE);
        waits.add(System.nanoTime() - asked);
      }
      assertEquals(1, reading.get().tokens().size());
      waits.sort(null);
      long median = waits.get(waits.size() / 2);
      assertTrue(waits.size() >= 5, waits.size() + " were answered meanwhile");
      assertTrue(
          median * 4 < longEnded.get(), median + " ns of " + longEnded + " ns, " + waits.size());
    }
  }

  private GenerationModel open(Fixture fixture) throws IOException {
    return GenerationModel.open(fixture.withTokenizer(folder).toString());
  }
}
