package dev.hbar.study.calibrate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A case of scripts/fixtures/study_statistics.py.
 *
 * @param name of the case
 * @param hbar scores
 * @param pri scores
 * @param labels 0 or 1
 * @param expected what scikit-learn computes
 */
record StatisticsCase(String name, double[] hbar, double[] pri, int[] labels, JsonNode expected) {
  static Stream<StatisticsCase> all() {
    return StreamSupport.stream(json("/calibrate/statistics.json").spliterator(), false)
        .map(StatisticsCase::of);
  }

  static JsonNode json(String resource) {
    try (InputStream in = StatisticsCase.class.getResourceAsStream(resource)) {
      return new ObjectMapper().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static StatisticsCase of(JsonNode node) {
    String name = node.get("name").asText();
    if (!node.has("source")) {
      return new StatisticsCase(
          name,
          numbers(node.get("hbar")),
          numbers(node.get("pri")),
          Arrays.stream(numbers(node.get("labels"))).mapToInt(label -> (int) label).toArray(),
          node);
    }
    JsonNode[] samples =
        StreamSupport.stream(
                json("/study/" + node.get("source").asText()).get("scores_by_sample").spliterator(),
                false)
            .limit(node.get("n").asInt())
            .toArray(JsonNode[]::new);
    return new StatisticsCase(
        name,
        Arrays.stream(samples).mapToDouble(s -> s.get("hbar_s").doubleValue()).toArray(),
        Arrays.stream(samples).mapToDouble(s -> s.get("pri").doubleValue()).toArray(),
        Arrays.stream(samples).mapToInt(s -> s.get("label").intValue()).toArray(),
        node);
  }

  private static double[] numbers(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false)
        .mapToDouble(JsonNode::doubleValue)
        .toArray();
  }

  @Override
  public String toString() {
    return name;
  }
}
