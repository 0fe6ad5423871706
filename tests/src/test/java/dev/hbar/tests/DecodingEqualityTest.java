package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.hbar.mlx.MlxScope;
import dev.hbar.mlx.NativeTest;
import dev.hbar.model.decode.BatchDecoder;
import dev.hbar.model.decode.Prefill;
import dev.hbar.model.decode.Step;
import dev.hbar.model.family.CausalLm;
import dev.hbar.model.family.TokenBatch;
import dev.hbar.model.layer.KvCache;
import dev.hbar.model.layer.MaskChoice;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The same tokens and signals, whichever way a sequence goes through the model: for every family,
 * with windows shorter than the prompts, that prompts grow into, on all layers and on some.
 */
@NativeTest
@ParameterizedClass
@MethodSource("models")
class DecodingEqualityTest {
  private static final int STEPS = 8;
  private static final int WHOLE = 512;

  /** float32 sums in another order. */
  private static final Closeness SAME = new Closeness(1e-5, 1e-5);

  /** delta_mu, delta_sigma, surprise; the fourth, dh, looks back at the step before. */
  private static final int OWN_SIGNALS = 3;

  @TempDir private Path folder;
  private final TinyModel checkpoint;
  private final MaskChoice masks;
  private CausalLm model;

  DecodingEqualityTest(TinyModel checkpoint, MaskChoice masks) {
    this.checkpoint = checkpoint;
    this.masks = masks;
  }

  static List<Arguments> models() {
    return List.of(
        model("llama", "{}", MaskChoice.AUTO),
        model("llama", "{}", MaskChoice.CAUSAL),
        model("mistral", "{'sliding_window': null}", MaskChoice.AUTO),
        model("mistral", "{'sliding_window': 1}", MaskChoice.AUTO),
        model("mistral", "{'sliding_window': 4}", MaskChoice.AUTO),
        model("mistral", "{'sliding_window': 8}", MaskChoice.CAUSAL),
        model("mistral", "{'sliding_window': 12}", MaskChoice.ADDITIVE),
        model("mistral", "{'sliding_window': 25}", MaskChoice.CAUSAL),
        model("qwen2", "{}", MaskChoice.AUTO),
        model(
            "qwen2",
            "{'sliding_window': 6, 'use_sliding_window': true, 'max_window_layers': 1}",
            MaskChoice.AUTO),
        model("qwen3", "{}", MaskChoice.AUTO),
        model(
            "qwen3",
            "{'sliding_window': 10, 'use_sliding_window': true, 'layer_types':"
                + " ['sliding_attention', 'full_attention', 'sliding_attention']}",
            MaskChoice.CAUSAL),
        model("phi3", "{}", MaskChoice.AUTO),
        model("phi3", "{'sliding_window': 7}", MaskChoice.AUTO),
        fixture("qwen3_5_wrapper"),
        fixture("qwen3_5_moe_wrapper"),
        fixture("qwen3_next_moe"),
        fixture("lfm2_tied"),
        fixture("lfm2_moe_bias"),
        fixture("granitemoehybrid_moe"),
        fixture("nemotron_h_moe"));
  }

  private static Arguments fixture(String name) {
    return Arguments.of(new TinyModel.OfFixture(name), MaskChoice.AUTO);
  }

  private static Arguments model(String family, String fields, MaskChoice masks) {
    return Arguments.of(new RandomCheckpoint(family, fields), masks);
  }

  @BeforeEach
  void load() throws IOException {
    model = checkpoint.load(folder, masks);
  }

  @AfterEach
  void close() {
    model.close();
  }

  @Test
  void cachedDecoding_equalsRecomputingTheWholePrefix() {
    int[] prompt = Loaded.prompt(11, 1);
    List<Step> cached = Loaded.decoded(model, prompt, STEPS, WHOLE);
    int[] prefix = prompt;
    for (Step step : cached) {
      try (MlxScope run = model.openRun("whole")) {
        KvCache empty = Loaded.cache(model, run, List.of(prefix));
        Step whole = Loaded.decoded(model, run, empty, List.of(prefix), 1, 0).getFirst();
        assertArrayEquals(step.tokens(), whole.tokens(), "token after " + prefix.length);
        SAME.require("signals", ownSignals(step, 0), ownSignals(whole, 0));
      }
      prefix = Arrays.copyOf(prefix, prefix.length + 1);
      prefix[prefix.length - 1] = step.tokens()[0];
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 20})
  void prefillInChunks_equalsPrefillAtOnce(int chunk) {
    int[] prompt = Loaded.prompt(41, 2);
    requireSame(
        Loaded.decoded(model, prompt, STEPS, WHOLE),
        Loaded.decoded(model, prompt, STEPS, chunk),
        0);
  }

  @Test
  void rowsOfDifferentLengths_equalEachRowAlone() {
    List<int[]> prompts = List.of(Loaded.prompt(5, 3), Loaded.prompt(30, 4), Loaded.prompt(17, 5));
    int[] cachedTokens = {3, 12, 9};
    try (MlxScope run = model.openRun("batch")) {
      List<KvCache> beginnings = new ArrayList<>();
      List<int[]> rests = new ArrayList<>();
      for (int i = 0; i < prompts.size(); i++) {
        beginnings.add(prefilled(run, prompts.get(i), cachedTokens[i]));
        rests.add(Arrays.copyOfRange(prompts.get(i), cachedTokens[i], prompts.get(i).length));
      }
      KvCache stacked = KvCache.stack(run, beginnings, new int[prompts.size()]);
      List<Step> together = Loaded.decoded(model, run, stacked, rests, STEPS, 0);
      for (int row = 0; row < prompts.size(); row++) {
        requireSame(Loaded.decoded(model, prompts.get(row), STEPS, WHOLE), together, row);
      }
    }
  }

  @Test
  void forksOfASharedPrefix_equalPromptsOfTheirOwn() {
    int[] shared = Loaded.prompt(19, 6);
    List<int[]> rests = List.of(Loaded.prompt(4, 7), Loaded.prompt(9, 8));
    try (MlxScope run = model.openRun("fork")) {
      KvCache prefix = prefilled(run, shared, shared.length);
      KvCache forked = KvCache.stack(run, List.of(prefix, prefix), new int[2]);
      List<Step> together = Loaded.decoded(model, run, forked, rests, STEPS, 0);
      assertEquals(shared.length, prefix.columns(), "the source grew");
      for (int row = 0; row < rests.size(); row++) {
        int[] rest = rests.get(row);
        int[] whole = Arrays.copyOf(shared, shared.length + rest.length);
        System.arraycopy(rest, 0, whole, shared.length, rest.length);
        requireSame(Loaded.decoded(model, whole, STEPS, WHOLE), together, row);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {6, 9, 30, 500})
  void unequalRowsInPieces_equalEachRowAlone(int chunk) {
    List<int[]> prompts =
        List.of(Loaded.prompt(2, 12), Loaded.prompt(31, 13), Loaded.prompt(9, 14));
    try (MlxScope run = model.openRun("pieces")) {
      KvCache cache = Loaded.cache(model, run, prompts);
      List<int[]> rest = new Prefill(model, run, chunk).allButLastPiece(cache, prompts);
      assertEquals(chunk < 93, cache.columns() > 0, "pieces before the last");
      List<Step> together = Loaded.decoded(model, run, cache, rest, STEPS, 0);
      for (int row = 0; row < prompts.size(); row++) {
        requireSame(Loaded.decoded(model, prompts.get(row), STEPS, WHOLE), together, row);
      }
    }
  }

  @Test
  void rowsThatGoOnAlone_equalEachRowAlone() {
    List<int[]> prompts =
        List.of(Loaded.prompt(7, 15), Loaded.prompt(21, 16), Loaded.prompt(3, 17));
    int[] kept = {2, 0};
    try (MlxScope run = model.openRun("rows");
        BatchDecoder decoder = Loaded.decoder(model, run, Loaded.cache(model, run, prompts), 0)) {
      List<Step> all = List.of(decoder.start(prompts), decoder.next());
      decoder.retain(kept);
      for (int row = 0; row < prompts.size(); row++) {
        requireSame(Loaded.decoded(model, prompts.get(row), all.size(), WHOLE), all, row);
      }
      List<Step> fewer = List.of(decoder.next(), decoder.next(), decoder.next());
      for (int i = 0; i < kept.length; i++) {
        List<Step> alone = Loaded.decoded(model, prompts.get(kept[i]), STEPS, WHOLE);
        requireSame(alone.subList(2, 5), fewer, i);
      }
    }
  }

  @Test
  void rowsLeftOutWhileAStepIsInFlight_areRefused() {
    List<int[]> prompts = List.of(Loaded.prompt(7, 18), Loaded.prompt(7, 19));
    try (MlxScope run = model.openRun("ahead");
        BatchDecoder decoder = Loaded.decoder(model, run, Loaded.cache(model, run, prompts), 1)) {
      decoder.start(prompts);
      decoder.next();
      assertThrows(IllegalStateException.class, () -> decoder.retain(new int[] {1}));
    }
  }

  /** The last token of a turn is chosen, not fed. */
  @Test
  void secondTurn_equalsOneLongPrompt() {
    int[] first = Loaded.prompt(10, 20);
    int[] second = Loaded.prompt(6, 21);
    try (MlxScope run = model.openRun("turns");
        BatchDecoder decoder =
            Loaded.decoder(model, run, Loaded.cache(model, run, List.of(first)), 0)) {
      IntStream.Builder fed = IntStream.builder();
      Arrays.stream(first).forEach(fed);
      Step last = decoder.start(List.of(first));
      for (int i = 0; i < STEPS; i++) {
        fed.add(last.tokens()[0]);
        last = decoder.next();
      }
      Arrays.stream(second).forEach(fed);
      List<Step> turn = List.of(decoder.start(List.of(second)), decoder.next(), decoder.next());
      requireSameOwn(Loaded.decoded(model, fed.build().toArray(), 3, WHOLE), turn, 0);
    }
  }

  @Test
  void sequencesStackedWhileTheyDecode_equalEachAlone() {
    List<int[]> prompts = List.of(Loaded.prompt(3, 22), Loaded.prompt(16, 23));
    int[] fed = {9, 2};
    try (MlxScope run = model.openRun("stack")) {
      List<KvCache> caches = new ArrayList<>();
      List<int[]> next = new ArrayList<>();
      for (int row = 0; row < prompts.size(); row++) {
        List<Step> alone = Loaded.decoded(model, prompts.get(row), STEPS + 2, WHOLE);
        KvCache cache = prefilled(run, prompts.get(row), prompts.get(row).length);
        for (int i = 0; i < fed[row]; i++) {
          feed(run, cache, alone.get(i).tokens());
        }
        caches.add(cache);
        next.add(alone.get(fed[row]).tokens());
      }
      KvCache stacked = KvCache.stack(run, caches, new int[prompts.size()]);
      Step together = Loaded.decoded(model, run, stacked, next, 1, 0).getFirst();
      for (int row = 0; row < prompts.size(); row++) {
        Step alone = Loaded.decoded(model, prompts.get(row), STEPS + 4, WHOLE).get(fed[row] + 1);
        requireSameOwn(List.of(alone), List.of(together), row);
      }
    }
  }

  private void feed(MlxScope run, KvCache cache, int[] token) {
    try (MlxScope step = run.child("feed")) {
      model.prefill(step, TokenBatch.of(step, List.of(token), model.config().vocabSize()), cache);
      step.eval(cache.buffers());
    }
  }

  @Test
  void pipelinedDecoding_equalsOneStepAtATime() {
    int[] prompt = Loaded.prompt(9, 9);
    try (MlxScope run = model.openRun("ahead")) {
      KvCache cache = Loaded.cache(model, run, List.of(prompt));
      List<Step> ahead = Loaded.decoded(model, run, cache, List.of(prompt), STEPS, 1);
      requireSame(Loaded.decoded(model, prompt, STEPS, WHOLE), ahead, 0);
    }
  }

  @Test
  void sameRunAfterOtherWork_isBitEqual() {
    int[] prompt = Loaded.prompt(23, 10);
    List<Step> first = Loaded.decoded(model, prompt, STEPS, WHOLE);
    Loaded.decoded(model, Loaded.prompt(50, 11), STEPS, 7);
    List<Step> again = Loaded.decoded(model, prompt, STEPS, WHOLE);
    for (int i = 0; i < STEPS; i++) {
      assertArrayEquals(first.get(i).tokens(), again.get(i).tokens());
      assertArrayEquals(first.get(i).measured()[0], again.get(i).measured()[0], "step " + i);
    }
  }

  /** Holds the first {@code tokens} of a prompt. */
  private KvCache prefilled(MlxScope run, int[] prompt, int tokens) {
    KvCache cache = Loaded.cache(model, run, List.of(prompt));
    new Prefill(model, run, WHOLE).all(cache, Arrays.copyOf(prompt, tokens));
    return cache;
  }

  private static float[] ownSignals(Step step, int row) {
    return Arrays.copyOf(Loaded.signals(step, row), OWN_SIGNALS);
  }

  private static void requireSameOwn(List<Step> alone, List<Step> together, int row) {
    for (int i = 0; i < alone.size(); i++) {
      assertEquals(alone.get(i).tokens()[0], together.get(i).tokens()[row], "token of step " + i);
      SAME.require("signals", ownSignals(alone.get(i), 0), ownSignals(together.get(i), row));
    }
  }

  /** All rows of {@code alone} are one: it equals {@code row} of {@code together}. */
  private static void requireSame(List<Step> alone, List<Step> together, int row) {
    for (int i = 0; i < alone.size(); i++) {
      assertEquals(alone.get(i).tokens()[0], together.get(i).tokens()[row], "token of step " + i);
      SAME.require(
          "signals", Loaded.signals(alone.get(i), 0), Loaded.signals(together.get(i), row));
    }
  }
}
