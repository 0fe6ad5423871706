package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.hbar.mlx.Mlx;
import dev.hbar.mlx.NativeTest;
import dev.hbar.model.decode.PrefixCache;
import dev.hbar.model.decode.Sampling;
import dev.hbar.model.decode.Session;
import dev.hbar.model.family.CausalLm;
import dev.hbar.monitor.signal.SignalProbe;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is kept for later prompts: whose beginning it is, and what a full cache lets go of. */
@NativeTest
class PrefixCacheTest {
  private static final int TOKENS = 20;
  private static final int[] ONE = prompt(8);
  private static final int[] TWO = prompt(21);
  private static final int[] THREE = prompt(34);

  /** Ids from {@code first} on: no two prompts begin alike, and no id is one of another's end. */
  private static int[] prompt(int first) {
    return IntStream.range(0, TOKENS).map(i -> first + i % 13).toArray();
  }

  private static void keep(PrefixCache cache, CausalLm model, int[] prompt) {
    try (Session session = new Session(model)) {
      session.begin(prompt, new SignalProbe(model.layers()), Sampling.GREEDY);
      session.step();
      cache.keep(session);
    }
  }

  private static int reused(PrefixCache cache, CausalLm model, int[] prompt) {
    try (Session session = new Session(model)) {
      cache.seed(session, prompt);
      session.begin(prompt, new SignalProbe(model.layers()), Sampling.GREEDY);
      session.step();
      return session.reused();
    }
  }

  /** The first {@code common} ids of a prompt, and others. */
  private static int[] beginningAs(int[] prompt, int common) {
    int[] other = Arrays.copyOf(prompt, TOKENS + 4);
    for (int i = common; i < other.length; i++) {
      other[i] = 4 + i % 3;
    }
    return other;
  }

  @Test
  void fullCache_letsGoOfWhatWasUsedLongestAgo() throws IOException {
    try (CausalLm model = Loaded.model("llama_tied")) {
      long each;
      try (PrefixCache single = new PrefixCache(model, Long.MAX_VALUE)) {
        keep(single, model, ONE);
        each = single.bytes();
      }
      try (PrefixCache cache = new PrefixCache(model, 2 * each)) {
        keep(cache, model, ONE);
        keep(cache, model, TWO);
        long arrays = Mlx.liveArrays();
        assertEquals(12, reused(cache, model, beginningAs(ONE, 12)));
        for (int[] next : new int[][] {THREE, TWO, ONE, THREE}) {
          keep(cache, model, next);
          assertEquals(2 * each, cache.bytes());
          assertEquals(arrays, Mlx.liveArrays(), "arrays of two sequences");
          assertEquals(TOKENS, reused(cache, model, beginningAs(next, TOKENS)));
        }
        assertEquals(TOKENS, reused(cache, model, beginningAs(ONE, TOKENS)), "the last but one");
        assertEquals(0, reused(cache, model, beginningAs(TWO, TOKENS)), "the third last");
      }
    }
  }

  @Test
  void sequenceLargerThanTheCache_isNotKept() throws IOException {
    try (CausalLm model = Loaded.model("llama_tied");
        PrefixCache cache = new PrefixCache(model, 1000)) {
      long arrays = Mlx.liveArrays();
      keep(cache, model, ONE);
      assertEquals(0, cache.bytes());
      assertEquals(arrays, Mlx.liveArrays());
    }
  }

  /** Keys and values of a longer text answer for its beginnings; a recurrent state does not. */
  @Test
  void longerText_takesThePlaceOfItsBeginningWhereItCanGoBack() throws IOException {
    int[] longer = beginningAs(ONE, TOKENS);
    int[] asked = longer.clone();
    asked[TOKENS + 2] = 7;
    try (CausalLm model = Loaded.model("llama_tied");
        PrefixCache cache = new PrefixCache(model, Long.MAX_VALUE)) {
      keep(cache, model, ONE);
      long each = cache.bytes();
      keep(cache, model, longer);
      assertEquals(each, cache.bytes());
    }
    try (CausalLm model = Loaded.model("lfm2_tied");
        PrefixCache cache = new PrefixCache(model, Long.MAX_VALUE)) {
      keep(cache, model, ONE);
      long each = cache.bytes();
      keep(cache, model, longer);
      assertEquals(2 * each, cache.bytes());
      assertEquals(TOKENS, reused(cache, model, asked), "the state of the shorter text");
      assertEquals(0, reused(cache, model, beginningAs(ONE, 12)));
    }
  }
}
