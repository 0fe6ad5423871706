package dev.hbar.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hbar.model.answer.Answer;
import dev.hbar.model.answer.ToolCall;
import dev.hbar.model.decode.Sampling;
import dev.hbar.model.io.Json;
import dev.hbar.monitor.detect.Detector;
import dev.hbar.monitor.generation.GeneratedToken;
import dev.hbar.monitor.generation.GenerationResult;
import dev.hbar.monitor.generation.GenerationSettings;
import dev.hbar.monitor.risk.HaltPolicy;
import dev.hbar.monitor.risk.RiskRule;
import dev.hbar.monitor.signal.Signal;
import dev.hbar.monitor.signal.TokenSignals;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A generation as one JSON document and in one line. */
final class GenerationReport {
  private static final MathContext FOUR_DIGITS = new MathContext(4);

  private GenerationReport() {}

  /**
   * What the text came from.
   *
   * @param checkpoint name of the model
   * @param compute device and compute policy
   * @param prompt as the user gave it
   * @param input the text the model continued; the prompt itself without a chat template
   * @param promptTokens length of the input
   */
  record Origin(String checkpoint, String compute, String prompt, String input, int promptTokens) {}

  /**
   * {"checkpoint", "compute", "prompt", "input", "prompt_tokens", "text", "stop", "step", "scores":
   * top-5 means, "sampling", "halt", "trajectory": [{"token", "hbar", "dmu", "dsigma", "surprise",
   * "dh", "pri", "text", "risk"}]}. The last of the trajectory is the dropped token if stop is
   * "halted".
   */
  static String json(Origin origin, GenerationSettings settings, GenerationResult result) {
    return json(origin, settings, result, Optional.empty(), Optional.empty());
  }

  /**
   * The same with "reasoning", "content" and "tool_calls" of an answer after the text, and with
   * "abstention"; an answer that is kept back has no text.
   */
  static String json(
      Origin origin,
      GenerationSettings settings,
      GenerationResult result,
      Optional<Answer> answer,
      Optional<Abstention> abstention) {
    boolean kept = abstention.filter(Abstention::abstains).isPresent();
    ObjectNode root = Json.MAPPER.createObjectNode();
    root.put("checkpoint", origin.checkpoint()).put("compute", origin.compute());
    root.put("prompt", origin.prompt()).put("input", origin.input());
    root.put("prompt_tokens", origin.promptTokens());
    root.put("text", kept ? "" : result.text());
    answer.filter(parts -> !kept).ifPresent(parts -> put(root, parts));
    abstention.ifPresent(
        decided ->
            root.putObject("abstention")
                .put("above", decided.above())
                .put("probability", decided.probability())
                .put("abstained", decided.abstains()));
    root.put("stop", result.stop().id()).put("step", result.step());
    root.set("scores", scores(TokenSignals.scores(result.signals())));
    root.set("sampling", sampling(settings.sampling()));
    root.set("halt", halt(settings.halt()));
    result
        .trajectory()
        .forEach(token -> root.withArrayProperty("trajectory").add(row(token, settings.halt())));
    return root.toPrettyString();
  }

  /** The study's scores, and the others in an object of their own. */
  private static ObjectNode scores(Map<Signal, Double> all) {
    ObjectNode node = Json.MAPPER.createObjectNode();
    Signal.STUDY_SCORES.forEach(signal -> node.put(signal.id(), all.get(signal)));
    ObjectNode more = node.putObject("more");
    all.forEach((signal, value) -> more.put(signal.id(), value));
    more.remove(Signal.STUDY_SCORES.stream().map(Signal::id).toList());
    return node;
  }

  private static void put(ObjectNode root, Answer answer) {
    root.put("reasoning", answer.reasoning()).put("content", answer.content());
    ArrayNode calls = root.putArray("tool_calls");
    answer.toolCalls().forEach(call -> calls.add(node(call)));
  }

  /** {"type": "function", "function": {"name", "arguments"}}, the arguments as text of JSON. */
  private static ObjectNode node(ToolCall call) {
    ObjectNode node = Json.MAPPER.createObjectNode().put("type", "function");
    node.putObject("function").put("name", call.name()).put("arguments", call.arguments());
    return node;
  }

  /** A call as one line of JSON. */
  static String line(ToolCall call) {
    return node(call).toString();
  }

  private static ObjectNode sampling(Sampling sampling) {
    ObjectNode node = Json.MAPPER.createObjectNode().put("temperature", sampling.temperature());
    if (!sampling.isGreedy()) {
      node.put("top_k", sampling.topK())
          .put("top_p", sampling.topP())
          .put("min_p", sampling.minP())
          .put("seed", sampling.seed());
    }
    Sampling.Penalties penalties = sampling.penalties();
    if (!penalties.equals(Sampling.Penalties.NONE)) {
      node.put("repetition_penalty", penalties.repetition())
          .put("presence_penalty", penalties.presence())
          .put("frequency_penalty", penalties.frequency());
    }
    if (!sampling.logitBias().isEmpty()) {
      ObjectNode bias = node.putObject("logit_bias");
      new TreeMap<>(sampling.logitBias()).forEach((id, value) -> bias.put("" + id, value));
    }
    return node;
  }

  private static ObjectNode halt(HaltPolicy policy) {
    ObjectNode node =
        Json.MAPPER
            .createObjectNode()
            .put("enabled", policy.halting())
            .put("signal", policy.rule().id());
    switch (policy.rule()) {
      case RiskRule.OnSignal on -> node.put("tau", on.tau()).put("lambda", on.lambda());
      case RiskRule.OnBoth on ->
          node.put("w_hbar", on.model().wHbar())
              .put("w_pri", on.model().wPri())
              .put("intercept", on.model().intercept());
      case RiskRule.OnDetector on ->
          node.put("kind", on.detector().kind())
              .put("point", on.detector().point())
              .put("position", on.detector().position());
    }
    return node.put("cutoff", policy.cutoff()).put("every", policy.every());
  }

  private static ObjectNode row(GeneratedToken token, HaltPolicy policy) {
    ObjectNode row = Json.MAPPER.valueToTree(token.signals());
    return row.put("text", token.text()).put("risk", policy.risk(token.signals()));
  }

  /**
   * Tokens, speed, why it ended, means, top-5 means and the riskiest token; without parameters the
   * most surprising one.
   *
   * @param tokensPerSecond 0 if it was too short to tell
   */
  static String line(GenerationResult result, GenerationSettings settings, double tokensPerSecond) {
    List<GeneratedToken> tokens = result.trajectory();
    Map<Signal, Double> top = TokenSignals.scores(result.signals());
    String speed = tokensPerSecond > 0 ? format(", %.1f tokens/s", tokensPerSecond) : "";
    return format(
            "%s tokens%s, stop: %s; ", result.tokens().size(), speed, stop(result, settings.halt()))
        + format(
            "mean hbar %.3f PRI %.3f, top-5 hbar %.3f PRI %.3f; ",
            mean(tokens, Signal.HBAR),
            mean(tokens, Signal.PRI),
            top.get(Signal.HBAR),
            top.get(Signal.PRI))
        + detector(top)
        + riskiest(tokens, settings.halt())
        + (settings.sampling().isGreedy() ? "" : "; seed " + settings.sampling().seed());
  }

  private static String detector(Map<Signal, Double> scores) {
    Double logOdds = scores.get(Signal.DETECTOR);
    return logOdds == null
        ? ""
        : format("detector over the answer %.3f; ", Detector.probability(logOdds));
  }

  private static String stop(GenerationResult result, HaltPolicy policy) {
    return result
        .dropped()
        .map(
            token ->
                format(
                    "halted at step %s before %s, risk %.3f",
                    result.step(), quoted(token.text()), policy.risk(token.signals())))
        .orElseGet(() -> result.stop().id());
  }

  /** Without parameters and without a rule that was asked for there is no risk to speak of. */
  private static String mostSurprising(List<GeneratedToken> tokens) {
    GeneratedToken most =
        tokens.stream()
            .max(Comparator.comparingDouble(token -> token.signals().surprise()))
            .orElseThrow();
    return format(
        "most surprising step %s %s, %.2f nats",
        tokens.indexOf(most), quoted(most.text()), most.signals().surprise());
  }

  private static String riskiest(List<GeneratedToken> tokens, HaltPolicy policy) {
    if (policy.equals(HaltPolicy.FLAGGING)) {
      return mostSurprising(tokens);
    }
    GeneratedToken worst =
        tokens.stream()
            .max(Comparator.comparingDouble(token -> policy.risk(token.signals())))
            .orElseThrow();
    long risky =
        tokens.stream().filter(token -> policy.isRisky(policy.risk(token.signals()))).count();
    return format(
        "riskiest step %s %s risk %.3f on %s, %s above %s",
        tokens.indexOf(worst),
        quoted(worst.text()),
        policy.risk(worst.signals()),
        policy.rule().id(),
        risky,
        rounded(policy.cutoff()));
  }

  /** A calibrated threshold has more digits than a reader wants, the usual one only two. */
  private static String rounded(double value) {
    return BigDecimal.valueOf(value).round(FOUR_DIGITS).stripTrailingZeros().toPlainString();
  }

  private static double mean(List<GeneratedToken> tokens, Signal signal) {
    return tokens.stream()
        .mapToDouble(token -> token.signals().get(signal))
        .average()
        .orElseThrow();
  }

  private static String quoted(String text) {
    String visible =
        text.replace("\n", "\\n").replace("\r", "\\r").replaceAll("\\p{Cntrl}", "\uFFFD");
    return '"' + visible + '"';
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }

  /**
   * Selective generation: an answer is kept back if the detector's probability over all of it is
   * too high.
   *
   * @param above the probability above which it is
   * @param probability of this answer; 1 for one that the detector has not seen a token of
   */
  record Abstention(double above, double probability) {
    /** The decision on an answer. */
    static Abstention of(GenerationResult result, double above) {
      Double logOdds = TokenSignals.scores(result.signals()).get(Signal.DETECTOR);
      return new Abstention(above, logOdds == null ? 1 : Detector.probability(logOdds));
    }

    boolean abstains() {
      return probability > above;
    }

    /** The decision in words. */
    String words() {
      return String.format(
          Locale.ROOT,
          "%s: the detector gives the answer %.3f, %s %s",
          abstains() ? "abstained" : "answered",
          probability,
          abstains() ? "above" : "not above",
          above);
    }
  }
}
