package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.model.capture.CapturePoint;
import dev.hbar.model.decode.Sampling;
import dev.hbar.monitor.generation.GeneratedToken;
import dev.hbar.monitor.generation.GeneratedToken.Alternative;
import dev.hbar.monitor.generation.Generation;
import dev.hbar.monitor.generation.GenerationException;
import dev.hbar.monitor.generation.GenerationModel;
import dev.hbar.monitor.generation.GenerationResult;
import dev.hbar.monitor.generation.GenerationResult.StopReason;
import dev.hbar.monitor.generation.GenerationSettings;
import dev.hbar.monitor.generation.ScoredToken;
import dev.hbar.monitor.generation.TokenListener;
import dev.hbar.monitor.signal.DistributionSignals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The library as a program uses it: from threads of its own, none of which is MLX's. */
@ExtendWith(LeavesNoArrays.class)
class FrontDoorTest {
  private static final GenerationSettings EIGHT = GenerationSettings.builder().maxTokens(8).build();

  @TempDir Path folder;

  @Test
  void twoHundredVirtualThreads_shareOneLoadedModelAndGetTheSameText() throws Exception {
    Fixture fixture = Fixture.named("plain_float32");
    try (GenerationModel model = open(fixture);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<int[]> task = () -> ids(model.generate(fixture.prompt(), EIGHT, heard -> true));
      List<Future<int[]>> all = new ArrayList<>();
      IntStream.range(0, 200).forEach(i -> all.add(threads.submit(task)));
      for (Future<int[]> one : all) {
        assertEquals(expected(fixture), Arrays.toString(one.get()));
      }
    }
  }

  @Test
  void twoModels_takeTurnsStepByStep() throws Exception {
    Fixture one = Fixture.named("plain_float32");
    Fixture other = Fixture.named("bits_mixed");
    Path second = Files.createDirectory(folder.resolve("second"));
    try (GenerationModel first = open(one);
        GenerationModel next = GenerationModel.open(other.withTokenizer(second).toString());
        Generation a = first.start(one.prompt(), EIGHT);
        Generation b = next.start(other.prompt(), EIGHT)) {
      while (!a.isEnded() || !b.isEnded()) {
        a.next();
        b.next();
      }
      assertEquals(expected(one), Arrays.toString(ids(a.result())));
      assertEquals(expected(other), Arrays.toString(ids(b.result())));
    }
  }

  @Test
  void interruptDuringALongPrompt_stopsAtItsNextPieceAndKeepsTheFlag() throws Exception {
    try (GenerationModel model = GenerationModel.open(RealCheckpoint.folder().toString())) {
      int[] prompt = new int[4000];
      Arrays.setAll(prompt, i -> 100 + i % 900);
      model.load(prompt.length, EIGHT);
      AtomicReference<Throwable> thrown = new AtomicReference<>();
      AtomicInteger heard = new AtomicInteger();
      AtomicInteger flags = new AtomicInteger();
      Thread caller =
          new Thread(
              () -> {
                try {
                  model.generate(prompt, EIGHT, token -> heard.incrementAndGet() > 0);
                } catch (RuntimeException e) {
                  thrown.set(e);
                }
                flags.set(Thread.currentThread().isInterrupted() ? 1 : 0);
              });
      caller.start();
      Thread.sleep(300);
      caller.interrupt();
      caller.join();
      assertEquals(GenerationException.Interrupted.class, thrown.get().getClass());
      assertEquals(1, flags.get());
      assertEquals(0, heard.get());
    }
  }

  @Test
  void closeWhileGenerating_endsItWithATypedError() throws Exception {
    Fixture fixture = Fixture.named("plain_float32");
    int[] prompt = fixture.prompt();
    GenerationModel model = open(fixture);
    CountDownLatch begun = new CountDownLatch(1);
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread caller =
        new Thread(
            () -> {
              try {
                while (true) {
                  model.generate(
                      prompt,
                      EIGHT,
                      token -> {
                        begun.countDown();
                        return true;
                      });
                }
              } catch (RuntimeException e) {
                thrown.set(e);
              }
            });
    caller.start();
    begun.await();
    model.close();
    caller.join();
    assertEquals(GenerationException.ModelClosed.class, thrown.get().getClass());
    assertThrows(
        GenerationException.ModelClosed.class,
        () -> model.generate(prompt, EIGHT, TokenListener.NONE));
    assertThrows(GenerationException.ModelClosed.class, () -> model.generate("ABC"));
    assertThrows(GenerationException.ModelClosed.class, () -> model.score("A", "B"));
    model.close();
  }

  @Test
  void cancelFromAnotherThread_endsAfterAStepAndKeepsTheText() throws Exception {
    Fixture fixture = Fixture.named("plain_float32");
    try (GenerationModel model = open(fixture);
        Generation generation = model.start(fixture.prompt(), EIGHT)) {
      generation.next();
      Thread other = new Thread(generation::cancel);
      other.start();
      other.join();
      assertTrue(generation.next().isEmpty());
      assertEquals(StopReason.CANCELLED, generation.result().stop());
      assertEquals(1, generation.result().tokens().size());
    }
  }

  @Test
  void timeOfZeroLength_isRefusedAndAShortOneEndsTheText() throws Exception {
    Fixture fixture = Fixture.named("plain_float32");
    assertThrows(
        IllegalArgumentException.class, () -> EIGHT.toBuilder().timeout(Duration.ZERO).build());
    try (GenerationModel model = open(fixture)) {
      GenerationResult result =
          model.generate(
              fixture.prompt(),
              EIGHT.toBuilder().timeout(Duration.ofNanos(1)).build(),
              TokenListener.NONE);
      assertEquals(StopReason.TIMEOUT, result.stop());
      assertEquals(List.of(), result.tokens());
    }
  }

  @Test
  void alternatives_areTheLikeliestTokensWithTheChosenFirst() throws Exception {
    Fixture fixture = Fixture.named("plain_float32");
    try (GenerationModel model = open(fixture)) {
      GenerationResult result =
          model.generate(
              fixture.prompt(),
              EIGHT.toBuilder().alternatives(3).allSignals().build(),
              TokenListener.NONE);
      for (GeneratedToken token : result.tokens()) {
        List<Alternative> likeliest = token.alternatives();
        assertEquals(3, likeliest.size());
        assertEquals(token.id(), likeliest.getFirst().id());
        assertEquals(token.logProbability(), likeliest.getFirst().logProbability(), 1e-4);
        assertTrue(likeliest.get(0).logProbability() >= likeliest.get(1).logProbability());
        assertTrue(likeliest.get(1).logProbability() >= likeliest.get(2).logProbability());
        assertTrue(token.signals().has(DistributionSignals.ENTROPY));
        assertTrue(token.risk().isEmpty(), "nothing was calibrated");
      }
    }
  }

  /** What transformers' generate gives, and OpenAI's formulas on its logits. */
  @Test
  void penaltiesAndBias_giveTheTextThatTransformersGives() throws Exception {
    Fixture fixture = Fixture.named("plain_float32");
    Sampling repetition = Sampling.GREEDY.with(new Sampling.Penalties(1.3f, 0f, 0f));
    Sampling presence = Sampling.GREEDY.with(new Sampling.Penalties(1f, 1.5f, 0f));
    Sampling biased =
        Sampling.GREEDY.with(new Sampling.Penalties(1f, 0.5f, 0.5f)).withLogitBias(Map.of(3, 4f));
    Map<Sampling, List<Integer>> expected =
        Map.of(
            repetition, List.of(10, 43, 52, 49, 36, 51, 55, 56),
            presence, List.of(10, 43, 52, 49, 7, 56, 51, 36),
            biased, List.of(3, 3, 3, 43, 7, 36, 3, 49));
    try (GenerationModel model = open(fixture)) {
      for (Map.Entry<Sampling, List<Integer>> one : expected.entrySet()) {
        GenerationSettings settings = EIGHT.toBuilder().sampling(one.getKey()).build();
        GenerationResult result = model.generate(fixture.prompt(), settings, TokenListener.NONE);
        assertEquals(one.getValue(), IntStream.of(ids(result)).boxed().toList());
      }
      GenerationSettings beyond =
          EIGHT.toBuilder().sampling(Sampling.GREEDY.withLogitBias(Map.of(1 << 20, 1f))).build();
      assertThrows(
          GenerationException.BadPrompt.class,
          () -> model.generate(fixture.prompt(), beyond, TokenListener.NONE));
    }
  }

  @Test
  void givenAnswer_hasTheLogProbabilitiesOfItsOwnGeneration() {
    String prompt = "The capital of France is";
    GenerationSettings settings = GenerationSettings.builder().maxTokens(6).allSignals().build();
    try (GenerationModel model = GenerationModel.open(RealCheckpoint.folder().toString())) {
      int[] ids = model.tokenizer().encode(prompt);
      GenerationResult own = model.generate(ids, settings, TokenListener.NONE);
      List<ScoredToken> scored = model.score(prompt, own.text());
      List<GeneratedToken> said = own.tokens();
      assertEquals(6, scored.size());
      for (int i = 0; i < scored.size(); i++) {
        assertEquals(said.get(i).id(), scored.get(i).id());
        assertEquals(0, scored.get(i).rank());
        assertEquals(said.get(i).logProbability(), scored.get(i).logProbability(), 2e-4);
        double entropy = said.get(i).signals().get(DistributionSignals.ENTROPY);
        assertEquals(entropy, scored.get(i).entropy(), 2e-3 * Math.max(1, entropy));
      }
      assertTrue(model.score(prompt, " Lyon").getFirst().rank() > 0);
    }
  }

  @Test
  void longGivenText_isTheSameInPieces() {
    StringBuilder prompt = new StringBuilder("Numbers:");
    IntStream.range(0, 150).forEach(i -> prompt.append(' ').append(i));
    try (GenerationModel model = GenerationModel.open(RealCheckpoint.folder().toString())) {
      ScoredToken last = model.score(prompt.toString(), " 150").getLast();
      int[] ids = model.tokenizer().encode(prompt.toString());
      GeneratedToken own =
          model
              .generate(ids, GenerationSettings.builder().alternatives(100).build(), heard -> false)
              .tokens()
              .getFirst();
      double expected =
          own.alternatives().stream()
              .filter(one -> one.id() == model.tokenizer().encode(" 150", false)[0])
              .findFirst()
              .orElseThrow()
              .logProbability();
      List<ScoredToken> all = model.score(prompt.toString(), " 150");
      assertEquals(expected, all.getFirst().logProbability(), 1e-3);
      assertTrue(last.logProbability() < 0);
      var states =
          model.hiddenStates(
              prompt.toString(),
              List.of(new CapturePoint.BlockOutput(2), new CapturePoint.FinalNorm()));
      assertEquals(ids.length, states.get("block.2.output").length);
      assertEquals(576, states.get("final_norm")[ids.length - 1].length);
    }
  }

  private GenerationModel open(Fixture fixture) throws IOException {
    return GenerationModel.open(fixture.withTokenizer(folder).toString());
  }

  private static String expected(Fixture fixture) throws IOException {
    return fixture
        .steps()
        .valueStream()
        .limit(8)
        .map(step -> step.get("token").asInt())
        .toList()
        .toString();
  }

  private static int[] ids(GenerationResult result) {
    return result.tokens().stream().mapToInt(GeneratedToken::id).toArray();
  }
}
