package dev.hbar.monitor.signal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/** What lm-polygraph and uqlm compute, from scripts/fixtures/signals.py. */
final class EstimatorFixtures {
  private EstimatorFixtures() {}

  /** A token: its logits and what the tools say, in their own orientation. */
  record Row(String name, float[] logits, int token, JsonNode expected) {}

  /** A sample of several tokens. */
  record Case(String name, List<Row> rows, JsonNode expected) {}

  static List<Case> read() throws IOException {
    JsonNode root;
    try (InputStream in = EstimatorFixtures.class.getResourceAsStream("/signal/estimators.json")) {
      root = new ObjectMapper().readTree(in);
    }
    List<Case> cases = new ArrayList<>();
    for (JsonNode sample : root) {
      List<Row> rows = new ArrayList<>();
      for (JsonNode row : sample.get("rows")) {
        String name = sample.get("name").textValue() + " " + row.get("seed").intValue();
        float[] logits = logits(sample.get("vocabulary").intValue(), row);
        rows.add(new Row(name, logits, row.get("token").intValue(), row.get("expected")));
      }
      cases.add(new Case(sample.get("name").textValue(), rows, sample.get("expected")));
    }
    return cases;
  }

  /**
   * What the tool says, turned so that high = uncertain where the tool does not do it; NaN where it
   * says nothing.
   */
  static double oriented(JsonNode expected, String name, int vocabulary) {
    double value = expected.path(name).asDouble(Double.NaN);
    return switch (name) {
      // RenyiNeg is the divergence less 2 ln V.
      case "renyi" -> -(value + 2 * Math.log(vocabulary));
      case "fisher_rao", "margin", "topk_negentropy" -> -value;
      default -> value;
    };
  }

  /** Whole numbers and one rounding, so that both languages have the same floats. */
  private static float[] logits(int vocabulary, JsonNode row) {
    float[] logits = new float[vocabulary];
    long seed = row.get("seed").longValue();
    double scale = row.get("scale").doubleValue();
    for (long i = 0; i < vocabulary; i++) {
      double u = (i * i * 7919 + i * 104729 + seed) % 10007 / 10007.0;
      logits[(int) i] = (float) (u * u * scale);
    }
    for (JsonNode spike : row.get("spikes")) {
      logits[spike.get(0).intValue()] = (float) spike.get(1).doubleValue();
    }
    return logits;
  }
}
