package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.Mlx;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxScope;
import dev.hbar.mlx.NativeTest;
import dev.hbar.model.capture.BlockPart;
import dev.hbar.model.capture.CapturePoint;
import dev.hbar.model.capture.CapturePoints;
import dev.hbar.model.capture.CaptureRequest;
import dev.hbar.model.capture.Span;
import dev.hbar.model.capture.Taps;
import dev.hbar.model.family.CausalLm;
import dev.hbar.model.family.TokenBatch;
import dev.hbar.model.layer.KvCache;
import dev.hbar.model.layer.MaskChoice;
import dev.hbar.study.parity.PromptPass;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every named state can be looked at and replaced, and costs nothing when nobody looks. */
@NativeTest
class CaptureTest {
  private static final String FIXTURE = "llama_tied";
  private static final int TOKENS = 7;
  private static final CapturePoint LOGITS = new CapturePoint.Logits();

  private static CapturePoint part(int block, BlockPart part) {
    return new CapturePoint.InBlock(block, part);
  }

  private static Set<CapturePoint> everything(CausalLm model) {
    Set<CapturePoint> all = new LinkedHashSet<>();
    for (String pattern : List.of("embedding", "block.*.*", "final_norm", "logits")) {
      all.addAll(CapturePoints.expand(pattern, model.layers()));
    }
    return all;
  }

  private static Map<CapturePoint, MlxArray> states(CausalLm model, MlxScope run, Taps taps) {
    List<int[]> prompts = List.of(Loaded.prompt(TOKENS, 1));
    TokenBatch batch = TokenBatch.of(run, prompts, model.config().vocabSize());
    KvCache cache = Loaded.cache(model, run, prompts);
    return model.forward(run, batch, cache, taps).captured().states();
  }

  private static Map<CapturePoint, float[]> read(CausalLm model, Span span) {
    try (MlxScope run = model.openRun("capture")) {
      Map<CapturePoint, float[]> values = new LinkedHashMap<>();
      states(model, run, new Taps(new CaptureRequest(everything(model), span)))
          .forEach((point, state) -> values.put(point, state.toFloats()));
      return values;
    }
  }

  @Test
  void everyPoint_isCapturedInTheOrderOfTheComputation() throws IOException {
    try (CausalLm model = Loaded.model(FIXTURE)) {
      Set<CapturePoint> expected = new LinkedHashSet<>(everything(model));
      // A model without norms of heads and without experts.
      expected.removeIf(
          point ->
              point.label().contains(".expert")
                  || (point.label().endsWith("_norm") && !point.label().equals("final_norm")));
      assertEquals(List.copyOf(expected), List.copyOf(read(model, Span.ALL).keySet()));
    }
  }

  @Test
  void lastPosition_isTheLastOfAll() throws IOException {
    try (CausalLm model = Loaded.model(FIXTURE);
        MlxScope run = model.openRun("both")) {
      Map<CapturePoint, MlxArray> all =
          states(model, run, new Taps(new CaptureRequest(everything(model), Span.ALL)));
      Map<CapturePoint, float[]> last = read(model, Span.LAST);
      all.forEach(
          (point, state) -> {
            int axis = point.positionAxis();
            assertEquals(TOKENS, state.dim(axis), point.label());
            int[] start = new int[state.shape().length];
            start[axis] = TOKENS - 1;
            float[] expected = run.ops().slice(state, start, state.shape()).toFloats();
            new Closeness(1e-5, 1e-5).require(point.label(), expected, last.get(point));
          });
    }
  }

  @ParameterizedTest
  @EnumSource(MaskChoice.class)
  void attentionWeights_areCausalAndEachRowSumsToOne(MaskChoice masks) throws IOException {
    try (CausalLm model = Loaded.model(FIXTURE, DType.FLOAT32, masks)) {
      Map<CapturePoint, float[]> states = read(model, Span.ALL);
      for (int block = 0; block < model.layers(); block++) {
        float[] weights = states.get(part(block, BlockPart.ATTENTION_WEIGHTS));
        assertEquals(model.config().heads() * TOKENS * TOKENS, weights.length);
        for (int row = 0; row < weights.length / TOKENS; row++) {
          int query = row % TOKENS;
          float[] keys = Arrays.copyOfRange(weights, row * TOKENS, (row + 1) * TOKENS);
          double sum = 0;
          for (int key = 0; key < TOKENS; key++) {
            sum += keys[key];
            assertTrue(key <= query || keys[key] == 0, "a later key has weight " + keys[key]);
          }
          assertEquals(1, sum, 1e-5);
        }
      }
    }
  }

  @Test
  void residualStream_isTheSumOfItsParts() throws IOException {
    try (CausalLm model = Loaded.model(FIXTURE)) {
      Map<CapturePoint, float[]> states = read(model, Span.ALL);
      for (int block = 0; block < model.layers(); block++) {
        float[] input = states.get(part(block, BlockPart.INPUT));
        float[] attention = states.get(part(block, BlockPart.ATTENTION_OUTPUT));
        float[] mlp = states.get(part(block, BlockPart.MLP_OUTPUT));
        float[] sum = new float[input.length];
        for (int i = 0; i < sum.length; i++) {
          sum[i] = input[i] + attention[i] + mlp[i];
        }
        float[] output = states.get(new CapturePoint.BlockOutput(block));
        new Closeness(1e-5, 1e-5).require("block " + block, output, sum);
        if (block + 1 < model.layers()) {
          assertArrayEquals(output, states.get(part(block + 1, BlockPart.INPUT)));
        }
      }
    }
  }

  /** A window's cache has let go of the first keys when the last chunk of a long prompt comes. */
  @Test
  void lastAttentionWeightsBehindAWindow_coverTheWholePrompt() throws IOException {
    Fixture fixture = Fixture.named("mistral_window_long");
    try (CausalLm model = Loaded.model(fixture.name())) {
      CapturePoint weights = part(0, BlockPart.ATTENTION_WEIGHTS);
      PromptPass pass = new PromptPass(model);
      Set<CapturePoint> wanted = Set.of(weights);
      PromptPass.State last = pass.states(fixture.prompt(), new CaptureRequest(wanted)).getFirst();
      int length = fixture.prompt().length;
      assertArrayEquals(new int[] {1, model.config().heads(), 1, length}, last.shape());
      assertEquals(0f, last.values()[0], "a key outside the window has weight");
      float[] head = Arrays.copyOf(last.values(), length);
      double sum = 0;
      for (float weight : head) {
        sum += weight;
      }
      assertEquals(1, sum, 1e-5);
    }
  }

  @Test
  void inputAlone_isStillThereAfterThePass() throws IOException {
    try (CausalLm model = Loaded.model(FIXTURE);
        MlxScope run = model.openRun("input")) {
      CapturePoint input = part(1, BlockPart.INPUT);
      Taps taps = new Taps(new CaptureRequest(Set.of(input), Span.ALL));
      float[] expected = read(model, Span.ALL).get(new CapturePoint.BlockOutput(0));
      assertArrayEquals(expected, states(model, run, taps).get(input).toFloats());
    }
  }

  @Test
  void replacedInput_makesTheBlockRunOnIt() throws IOException {
    try (CausalLm model = Loaded.model(FIXTURE);
        MlxScope run = model.openRun("replaced")) {
      CaptureRequest request = new CaptureRequest(everything(model), Span.ALL);
      Map<CapturePoint, MlxArray> plain = states(model, run, new Taps(request));
      CapturePoint embedding = new CapturePoint.Embedding();
      CapturePoint second = part(1, BlockPart.INPUT);
      Map<CapturePoint, MlxArray> replaced =
          states(model, run, new Taps(request, Map.of(second, plain.get(embedding))));
      // Recorded before it is replaced, so what the first block gave can still be compared.
      assertArrayEquals(plain.get(second).toFloats(), replaced.get(second).toFloats());
      float[] output = replaced.get(new CapturePoint.BlockOutput(1)).toFloats();
      float[] usual = plain.get(new CapturePoint.BlockOutput(1)).toFloats();
      assertTrue(!Arrays.equals(usual, output), "block 1 did not run on the replacement");
      float[] gate = replaced.get(part(1, BlockPart.Q_PROJ)).toFloats();
      assertTrue(!Arrays.equals(plain.get(part(1, BlockPart.Q_PROJ)).toFloats(), gate));
      assertArrayEquals(
          plain.get(part(0, BlockPart.GATE)).toFloats(),
          replaced.get(part(0, BlockPart.GATE)).toFloats());
    }
  }

  @Test
  void pointThatIsNotAskedFor_addsNothingToTheGraph() throws IOException {
    try (CausalLm model = Loaded.model(FIXTURE)) {
      Set<CapturePoint> states = everything(model);
      states.removeIf(point -> point.label().endsWith("attention_weights"));
      states.removeAll(List.of(LOGITS, new CapturePoint.FinalNorm()));
      CaptureRequest all = new CaptureRequest(states, Span.ALL);
      states.removeIf(point -> point.label().matches(".*\\.(q|k|v|up|gate).*"));
      CaptureRequest fewer = new CaptureRequest(states, Span.ALL);
      long few = arrays(model, fewer);
      assertEquals(few, arrays(model, all));
      assertTrue(arrays(model, CaptureRequest.NOTHING) < few, "intermediates stay without a tap");
      CaptureRequest weights = fewer.and(part(0, BlockPart.ATTENTION_WEIGHTS));
      long asked = arrays(model, weights);
      assertTrue(asked > few, "attention weights came from nowhere");
      CaptureRequest both = weights.and(part(1, BlockPart.ATTENTION_WEIGHTS));
      assertEquals(2 * (asked - few), arrays(model, both) - few);
    }
  }

  /** How many arrays one pass makes and holds. */
  private static long arrays(CausalLm model, CaptureRequest request) {
    try (MlxScope run = model.openRun("count")) {
      long before = Mlx.liveArrays();
      states(model, run, new Taps(request));
      return Mlx.liveArrays() - before;
    }
  }
}
