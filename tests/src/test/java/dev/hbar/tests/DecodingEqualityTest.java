package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.hbar.attention.KvCache;
import dev.hbar.family.CausalLm;
import dev.hbar.generate.BatchDecoder;
import dev.hbar.generate.Prefill;
import dev.hbar.generate.Step;
import dev.hbar.mlx.MlxScope;
import dev.hbar.mlx.NativeTest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same tokens and signals, whichever way a sequence goes through the model. */
@NativeTest
class DecodingEqualityTest {
  private static final int STEPS = 8;
  private static final int WHOLE = 512;

  /** float32 sums in another order. */
  private static final Closeness SAME = new Closeness(1e-5, 1e-5);

  /** delta_mu, delta_sigma, surprise; the fourth, dh, looks back at the step before. */
  private static final int OWN_SIGNALS = 3;

  private CausalLm model;

  @BeforeEach
  void load() throws IOException {
    model = Loaded.model("llama_tied");
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
        KvCache empty = Loaded.cache(model, run, List.of(prefix), 1);
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
      KvCache cache = Loaded.cache(model, run, prompts, STEPS);
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
        BatchDecoder decoder =
            Loaded.decoder(model, run, Loaded.cache(model, run, prompts, STEPS), 0)) {
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
        BatchDecoder decoder =
            Loaded.decoder(model, run, Loaded.cache(model, run, prompts, STEPS), 1)) {
      decoder.start(prompts);
      decoder.next();
      assertThrows(IllegalStateException.class, () -> decoder.retain(new int[] {1}));
    }
  }

  @Test
  void pipelinedDecoding_equalsOneStepAtATime() {
    int[] prompt = Loaded.prompt(9, 9);
    try (MlxScope run = model.openRun("ahead")) {
      KvCache cache = Loaded.cache(model, run, List.of(prompt), STEPS);
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
    KvCache cache = Loaded.cache(model, run, List.of(prompt), STEPS);
    new Prefill(model, run, WHOLE).all(cache, Arrays.copyOf(prompt, tokens));
    return cache;
  }

  private static float[] ownSignals(Step step, int row) {
    return Arrays.copyOf(step.measured()[row], OWN_SIGNALS);
  }

  /** All rows of {@code alone} are one: it equals {@code row} of {@code together}. */
  private static void requireSame(List<Step> alone, List<Step> together, int row) {
    for (int i = 0; i < alone.size(); i++) {
      assertEquals(alone.get(i).tokens()[0], together.get(i).tokens()[row], "token of step " + i);
      SAME.require("signals", alone.get(i).measured()[0], together.get(i).measured()[row]);
    }
  }
}
