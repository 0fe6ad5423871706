package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.hbar.mlx.NativeTest;
import dev.hbar.model.decode.Sampling;
import dev.hbar.model.decode.Session;
import dev.hbar.model.decode.Step;
import dev.hbar.model.family.CausalLm;
import dev.hbar.monitor.signal.SignalProbe;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A prompt that has a beginning in common with the one before it and its answer. */
@NativeTest
class SessionTest {
  private static final int STEPS = 6;

  /**
   * Full attention goes back anywhere. A window goes back while it holds what is seen there, which
   * a single piece does and decoded tokens end. A recurrent state never does. A rope that depends
   * on the length does where neither the old nor the new length changes its frequencies.
   */
  @ParameterizedTest(name = "{0}: {1} + {2} tokens, {3} in common with {4}: {5} reused")
  @CsvSource({
    "plain_float32, 30, 6, 20, 40, 20",
    "plain_float32, 30, 6, 33, 40, 33",
    "plain_float32, 30, 6, 35, 36, 35",
    "plain_float32, 30, 6, 30, 30, 29",
    "plain_float32, 30, 6, 12, 12, 11",
    "plain_float32, 30, 6, 1, 40, 1",
    "plain_float32, 30, 6, 0, 40, 0",
    "bits_mixed, 300, 6, 257, 280, 257",
    "mistral_window_crossing, 8, 3, 6, 9, 6",
    "mistral_window_crossing, 8, 5, 11, 20, 11",
    "mistral_window, 40, 1, 38, 60, 38",
    "mistral_window, 40, 1, 15, 60, 15",
    "mistral_window, 40, 4, 38, 60, 0",
    "mistral_window, 40, 4, 43, 60, 43",
    "qwen3_layer_types, 30, 1, 28, 40, 28",
    "qwen3_layer_types, 30, 4, 28, 40, 0",
    "lfm2_tied, 30, 4, 28, 40, 0",
    "lfm2_tied, 30, 4, 33, 40, 33",
    "qwen3_next_published, 20, 4, 12, 30, 0",
    "phi3_longrope_crossing, 50, 4, 45, 60, 45",
    "phi3_longrope_crossing, 50, 4, 45, 80, 0",
    "phi3_longrope_crossing, 50, 20, 45, 60, 0",
    "phi3_longrope_crossing, 70, 4, 65, 90, 65",
  })
  void promptWithACommonBeginning_givesWhatAFreshOneGives(
      String fixture, int before, int said, int common, int length, int reused) throws IOException {
    try (CausalLm model = Loaded.model(fixture);
        Session session = new Session(model);
        Session fresh = new Session(model)) {
      answered(session, model, ids(model, before, 1), said);
      int[] prompt = ids(model, length, 2);
      System.arraycopy(session.seen(), 0, prompt, 0, common);
      if (common < Math.min(length, session.seen().length)) {
        prompt[common] = session.seen()[common] ^ 1;
      }
      List<Step> again = answered(session, model, prompt, STEPS);
      assertEquals(reused, session.reused());
      List<Step> expected = answered(fresh, model, prompt, STEPS);
      for (int i = 0; i < STEPS; i++) {
        String at = "step " + i;
        assertEquals(expected.get(i).tokens()[0], again.get(i).tokens()[0], at);
        // Sums in other orders: measured up to 3e-6 of values up to 4.
        assertArrayEquals(
            Loaded.signals(expected.get(i), 0), Loaded.signals(again.get(i), 0), 2e-5f, at);
      }
    }
  }

  private static List<Step> answered(Session session, CausalLm model, int[] prompt, int steps) {
    session.begin(prompt, new SignalProbe(model.layers()), Sampling.GREEDY);
    while (session.prefill()) {
      // Piece by piece.
    }
    List<Step> answer = new ArrayList<>();
    while (answer.size() < steps) {
      answer.add(session.step());
    }
    return answer;
  }

  /** Never a special token. */
  private static int[] ids(CausalLm model, int length, int seed) {
    int[] ids = new int[length];
    int vocabulary = model.config().vocabSize();
    Arrays.setAll(ids, i -> 4 + Math.floorMod(31 * i + 7 * seed, vocabulary - 6));
    return ids;
  }
}
