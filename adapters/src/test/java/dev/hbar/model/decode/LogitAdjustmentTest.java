package dev.hbar.model.decode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxScope;
import dev.hbar.mlx.NativeTest;
import dev.hbar.model.decode.Sampling.Penalties;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Against transformers' processor and OpenAI's formulas, see scripts/fixtures/penalties.py. */
@NativeTest
class LogitAdjustmentTest {
  private static final JsonNode FIXTURE = read();

  static Stream<String> cases() {
    return FIXTURE.get("cases").valueStream().map(one -> one.get("name").asText());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void sixStepsOfThreeRows_areThoseOfPython(String name) {
    JsonNode wanted = named(name);
    try (MlxScope run = MlxScope.open("run")) {
      LogitAdjustment adjustment = begun(run, wanted);
      for (int index = 0; index < wanted.get("adjusted").size(); index++) {
        try (MlxScope step = run.child("step")) {
          MlxArray changed = adjustment.adjusted(step, logits(step, index));
          float[] expected = floats(wanted.get("adjusted").get(index));
          assertArrayEquals(expected, changed.toFloats(), 1e-5f, name + " step " + index);
          MlxArray tokens = step.ops().argmax(changed, -1, false);
          adjustment.add(step, step.ops().astype(tokens, DType.INT32));
        }
      }
      adjustment.close();
    }
  }

  @Test
  void rowsThatGoOn_keepTheirOwnText() {
    JsonNode wanted = named("all");
    try (MlxScope run = MlxScope.open("run")) {
      LogitAdjustment adjustment = begun(run, wanted);
      try (MlxScope step = run.child("step")) {
        adjustment.add(
            step, step.ints(new int[] {text(wanted, 0), text(wanted, 1), text(wanted, 2)}, 3));
        adjustment.retain(step, step.ints(new int[] {2, 0}, 2));
        MlxArray rows = step.ops().take(logits(step, 1), step.ints(new int[] {2, 0}, 2), 0);
        float[] got = adjustment.adjusted(step, rows).toFloats();
        float[] all = floats(wanted.get("adjusted").get(1));
        int width = FIXTURE.get("vocabulary").asInt();
        for (int i = 0; i < width; i++) {
          assertEquals(all[2 * width + i], got[i], 1e-5f);
          assertEquals(all[i], got[width + i], 1e-5f);
        }
      }
    }
  }

  @Test
  void nothingAskedFor_leavesTheLogitsThemselves() {
    try (MlxScope run = MlxScope.open("run")) {
      LogitAdjustment none = new LogitAdjustment(Sampling.GREEDY, run, 13);
      none.begin(List.of(new int[] {1}, new int[] {2}, new int[] {3}));
      MlxArray logits = logits(run, 0);
      assertSame(logits, none.adjusted(run, logits));
      assertEquals(0, none.arrays().count());
    }
  }

  @Test
  void biasBehindTheVocabulary_isRefused() {
    try (MlxScope run = MlxScope.open("run")) {
      Sampling biased = Sampling.GREEDY.withLogitBias(Map.of(13, 1f));
      LogitAdjustment adjustment = new LogitAdjustment(biased, run, 13);
      IllegalArgumentException refused =
          assertThrows(
              IllegalArgumentException.class, () -> adjustment.begin(List.of(new int[] {1})));
      assertEquals("logit-bias of token 13: the ids end at 12", refused.getMessage());
    }
  }

  @Test
  void numbersOutOfTheirRange_areRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Penalties(0f, 0f, 0f));
    assertThrows(IllegalArgumentException.class, () -> new Penalties(1f, Float.NaN, 0f));
    assertThrows(
        IllegalArgumentException.class, () -> new Penalties(1f, 0f, Float.POSITIVE_INFINITY));
    assertThrows(
        IllegalArgumentException.class, () -> Sampling.GREEDY.withLogitBias(Map.of(-1, 1f)));
  }

  private static LogitAdjustment begun(MlxScope run, JsonNode wanted) {
    Penalties penalties =
        new Penalties(
            wanted.path("repetition").floatValue() == 0
                ? 1f
                : wanted.get("repetition").floatValue(),
            wanted.path("presence").floatValue(),
            wanted.path("frequency").floatValue());
    Map<Integer, Float> bias = new HashMap<>();
    wanted
        .path("bias")
        .properties()
        .forEach(one -> bias.put(Integer.valueOf(one.getKey()), one.getValue().floatValue()));
    Sampling sampling = Sampling.GREEDY.with(penalties).withLogitBias(bias);
    LogitAdjustment adjustment =
        new LogitAdjustment(sampling, run, FIXTURE.get("vocabulary").asInt());
    List<int[]> prompts = new ArrayList<>();
    FIXTURE
        .get("prompts")
        .forEach(row -> prompts.add(row.valueStream().mapToInt(JsonNode::asInt).toArray()));
    adjustment.begin(prompts);
    return adjustment;
  }

  private static int text(JsonNode wanted, int row) {
    return wanted.get("texts").get(row).get(0).asInt();
  }

  private static MlxArray logits(MlxScope scope, int index) {
    return scope.floats(
        floats(FIXTURE.get("logits").get(index)), 3, FIXTURE.get("vocabulary").asInt());
  }

  private static float[] floats(JsonNode rows) {
    List<Float> all = new ArrayList<>();
    rows.forEach(row -> row.forEach(value -> all.add(value.floatValue())));
    float[] flat = new float[all.size()];
    for (int i = 0; i < flat.length; i++) {
      flat[i] = all.get(i);
    }
    return flat;
  }

  private static JsonNode named(String name) {
    return FIXTURE
        .get("cases")
        .valueStream()
        .filter(one -> one.get("name").asText().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static JsonNode read() {
    try (var in = LogitAdjustmentTest.class.getResourceAsStream("penalties.json")) {
      return new ObjectMapper().readTree(in);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
