package dev.hbar.study.states;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxScope;
import dev.hbar.mlx.NativeTest;
import dev.hbar.model.capture.BlockPart;
import dev.hbar.model.capture.CapturePoint;
import dev.hbar.model.capture.CaptureRequest;
import dev.hbar.model.capture.Captured;
import dev.hbar.model.capture.Span;
import dev.hbar.study.dataset.Sample;
import dev.hbar.study.states.StatesRequest.AttentionFeature;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Against scripts/fixtures/attention.py: numpy and scipy, two answers of different lengths. */
@NativeTest
class AttentionReadingTest {
  private static final Set<AttentionFeature> BOTH = EnumSet.allOf(AttentionFeature.class);

  /** Sums of float32 numbers. */
  private static final double EXACT = 2e-6;

  @Test
  void answersBehindASharedPrefix_haveTheFeaturesOfTheirDefinitions() throws IOException {
    JsonNode fixture = fixture();
    requireEqual(fixture, fixture.get("shared").intValue());
  }

  @Test
  void answersWithoutPrefix_haveTheSameFeatures() throws IOException {
    requireEqual(fixture(), 0);
  }

  @Test
  void windowShorterThanTheText_isRefused() throws IOException {
    JsonNode fixture = fixture();
    try (MlxScope scope = MlxScope.open("window")) {
      AttentionReading reading = reading(scope, fixture, 10, 15);
      IllegalArgumentException refused =
          assertThrows(
              IllegalArgumentException.class, () -> reading.of(0, given(fixture, 0), BOTH));
      assertTrue(
          refused.getMessage().startsWith("layer 0 attends to the last "), refused.getMessage());
    }
  }

  private static void requireEqual(JsonNode fixture, int prefix) {
    try (MlxScope scope = MlxScope.open("attention")) {
      AttentionReading reading = reading(scope, fixture, prefix, prefix);
      for (int row = 0; row < 2; row++) {
        Map<AttentionFeature, float[]> features = reading.of(row, given(fixture, row), BOTH);
        for (AttentionFeature feature : BOTH) {
          JsonNode expected = fixture.get("answers").get(row).get(feature.id());
          float[] found = features.get(feature);
          assertEquals(expected.size(), found.length);
          for (int i = 0; i < found.length; i++) {
            assertEquals(
                expected.get(i).doubleValue(), found[i], EXACT, feature + " " + row + " " + i);
          }
        }
      }
    }
  }

  private static GivenAnswer given(JsonNode fixture, int row) {
    JsonNode answer = fixture.get("answers").get(row);
    int[] ids = new int[length(answer)];
    return new GivenAnswer(
        new Sample("a_cor", 0, ""),
        ids,
        answer.get("first").intValue(),
        answer.get("end").intValue(),
        ids,
        1,
        "");
  }

  private static int length(JsonNode answer) {
    return answer.get("streams").get(0).size();
  }

  /** Both answers as a pass would show them after {@code cached} shared tokens. */
  private static AttentionReading reading(
      MlxScope scope, JsonNode fixture, int cached, int claimed) {
    JsonNode answers = fixture.get("answers");
    int columns = Math.max(length(answers.get(0)), length(answers.get(1))) - cached;
    int layers = answers.get(0).get("weights").size();
    List<CapturePoint> points = AttentionReading.points(BOTH, layers);
    Captured captured = new Captured(new CaptureRequest(Set.copyOf(points), Span.ALL));
    List<MlxArray> before = new ArrayList<>();
    for (int depth = 0; depth <= layers; depth++) {
      JsonNode one = answers.get(0).get("streams").get(depth);
      int hidden = one.get(0).size();
      float[] tails = new float[2 * columns * hidden];
      float[] shared = new float[cached * hidden];
      for (int k = 0; k < hidden; k++) {
        for (int i = 0; i < cached; i++) {
          shared[i * hidden + k] = one.get(i).get(k).floatValue();
        }
        for (int row = 0; row < 2; row++) {
          JsonNode stream = answers.get(row).get("streams").get(depth);
          for (int c = 0; c < columns; c++) {
            int index = stream.size() - columns + c;
            // What stands in a padded column must not matter.
            tails[(row * columns + c) * hidden + k] =
                index < cached ? 7 + k : stream.get(index).get(k).floatValue();
          }
        }
      }
      captured.offer(
          scope,
          AttentionReading.states(layers).get(depth),
          scope.floats(tails, 2, columns, hidden));
      if (cached > 0) {
        before.add(scope.floats(shared, 1, cached, hidden));
      }
    }
    for (int layer = 0; layer < layers; layer++) {
      captured.offer(
          scope,
          new CapturePoint.InBlock(layer, BlockPart.ATTENTION_WEIGHTS),
          weights(scope, answers, layer, cached, columns));
    }
    return new AttentionReading(scope, captured, before, claimed, columns, layers);
  }

  private static MlxArray weights(
      MlxScope scope, JsonNode answers, int layer, int cached, int columns) {
    int heads = answers.get(0).get("weights").get(layer).size();
    int keys = cached + columns;
    float[] values = new float[2 * heads * columns * keys];
    for (int row = 0; row < 2; row++) {
      JsonNode ofLayer = answers.get(row).get("weights").get(layer);
      int length = ofLayer.get(0).size();
      for (int head = 0; head < heads; head++) {
        for (int t = cached; t < length; t++) {
          int column = columns - length + t;
          int start = ((row * heads + head) * columns + column) * keys;
          for (int i = 0; i <= t; i++) {
            int key = i < cached ? i : keys - length + i;
            values[start + key] = ofLayer.get(head).get(t).get(i).floatValue();
          }
        }
      }
    }
    return scope.floats(values, 2, heads, columns, keys);
  }

  private static JsonNode fixture() throws IOException {
    try (InputStream in =
        AttentionReadingTest.class.getResourceAsStream("/detect/attention.json")) {
      return new ObjectMapper().readTree(in);
    }
  }
}
