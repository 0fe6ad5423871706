package dev.hbar.serve.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hbar.model.decode.Sampling;
import dev.hbar.monitor.generation.GenerationSettings;
import dev.hbar.serve.engine.RiskPolicy;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a request wants its text generated. Names and ranges are OpenAI's, with those that local
 * servers have added: top_k, min_p, repetition_penalty, timeout.
 */
final class SettingsReader {
  private static final int MOST_STOPS = 16;
  private static final int MOST_STOP_LENGTH = 1000;

  private SettingsReader() {}

  /**
   * Reads the sampling of a request; greedy unless it gives a temperature.
   *
   * @param maxTokens the fields that may hold the most new tokens, the first that is there counts
   * @param stop the field of the stop strings
   */
  static GenerationSettings.Builder read(Fields body, List<String> maxTokens, String stop) {
    GenerationSettings.Builder settings = GenerationSettings.builder().sampling(sampling(body));
    maxTokens.stream()
        .filter(body::has)
        .findFirst()
        .ifPresent(
            name -> settings.maxTokens(body.integer(name, 1, Integer.MAX_VALUE).orElseThrow()));
    List<String> stops = body.texts(stop);
    if (stops.size() > MOST_STOPS
        || stops.stream().anyMatch(text -> text.isEmpty() || text.length() > MOST_STOP_LENGTH)) {
      throw body.wrong(
          stop,
          "must be at most %s texts of 1 to %s characters".formatted(MOST_STOPS, MOST_STOP_LENGTH));
    }
    settings.stop(stops.toArray(String[]::new));
    if (body.has("timeout")) {
      double seconds = body.number("timeout", 0.001, 86_400).orElseThrow();
      settings.timeout(Duration.ofMillis(Math.round(seconds * 1000)));
    }
    return settings;
  }

  private static Sampling sampling(Fields body) {
    return new Sampling(
        (float) body.number("temperature", 0, 100).orElse(0),
        body.integer("top_k", 0, Integer.MAX_VALUE).orElse(0),
        (float) body.number("top_p", 1e-6, 1).orElse(1),
        (float) body.number("min_p", 0, 0.999999).orElse(0),
        body.wide("seed").orElse(0L),
        new Sampling.Penalties(
            (float) body.number("repetition_penalty", 0.01, 100).orElse(1),
            (float) body.number("presence_penalty", -2, 2).orElse(0),
            (float) body.number("frequency_penalty", -2, 2).orElse(0)),
        bias(body));
  }

  private static Map<Integer, Float> bias(Fields body) {
    Map<Integer, Float> bias = new HashMap<>();
    body.object("logit_bias")
        .ifPresent(
            given ->
                given
                    .all()
                    .forEach(
                        (id, value) -> {
                          if (!id.matches("\\d{1,9}")) {
                            throw given.wrong(id, "is no token id");
                          }
                          given
                              .number(id, -100, 100)
                              .ifPresent(number -> bias.put(Integer.parseInt(id), (float) number));
                        }));
    return bias;
  }

  /** What a request wants to know about uncertainty, and done about it. */
  static Uncertainty uncertainty(Fields body) {
    Optional<JsonNode> asked = body.node("uncertainty");
    if (asked.isEmpty() || asked.get().isBoolean()) {
      boolean tokens = asked.filter(JsonNode::booleanValue).isPresent();
      return new Uncertainty(tokens, tokens, RiskPolicy.FLAGGING);
    }
    Fields wanted = body.object("uncertainty").orElseThrow();
    RiskPolicy.Action action =
        wanted.text("policy").map(id -> action(wanted, id)).orElse(RiskPolicy.Action.FLAG);
    return new Uncertainty(
        wanted.flag("tokens", true),
        wanted.flag("all_signals", true),
        wanted.flag("layers", false),
        new RiskPolicy(
            action,
            wanted.number("threshold", 0, 1),
            wanted.text("text").orElse(RiskPolicy.ABSTENTION)));
  }

  private static RiskPolicy.Action action(Fields wanted, String id) {
    return Arrays.stream(RiskPolicy.Action.values())
        .filter(action -> action.id().equals(id))
        .findFirst()
        .orElseThrow(() -> wanted.wrong("policy", "must be flag, stop or abstain: " + id));
  }

  /** How many answers; each is generated on its own. */
  static int answers(Fields body) {
    return body.integer("n", 1, 128).orElse(1);
  }
}
