package dev.hbar.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hbar.model.decode.Sampling;
import dev.hbar.monitor.generation.GeneratedToken;
import dev.hbar.monitor.generation.GenerationResult;
import dev.hbar.monitor.generation.GenerationSettings;
import dev.hbar.monitor.risk.HaltPolicy;
import dev.hbar.monitor.risk.RiskRule;
import dev.hbar.monitor.signal.SignalScores;
import java.util.TreeMap;

/** A generation as one JSON document. */
public final class GenerationJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private GenerationJson() {}

  /**
   * What the text came from.
   *
   * @param checkpoint name of the model
   * @param compute device and compute policy
   * @param prompt as the user gave it
   * @param input the text the model continued; the prompt itself without a chat template
   * @param promptTokens length of the input
   */
  public record Origin(
      String checkpoint, String compute, String prompt, String input, int promptTokens) {}

  /**
   * {"checkpoint", "compute", "prompt", "input", "prompt_tokens", "text", "stop", "step", "scores":
   * top-5 means, "sampling", "halt", "trajectory": [{"token", "hbar", "dmu", "dsigma", "surprise",
   * "dh", "pri", "text", "risk"}]}. The last of the trajectory is the dropped token if stop is
   * "halted".
   */
  public static String json(Origin origin, GenerationSettings settings, GenerationResult result) {
    ObjectNode root = JSON.createObjectNode();
    root.put("checkpoint", origin.checkpoint()).put("compute", origin.compute());
    root.put("prompt", origin.prompt()).put("input", origin.input());
    root.put("prompt_tokens", origin.promptTokens());
    root.put("text", result.text());
    root.put("stop", result.stop().id()).put("step", result.step());
    root.set("scores", JSON.valueToTree(SignalScores.of(result.signals())));
    root.set("sampling", sampling(settings.sampling()));
    root.set("halt", halt(settings.halt()));
    result
        .trajectory()
        .forEach(token -> root.withArrayProperty("trajectory").add(row(token, settings.halt())));
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of numbers and texts is always JSON", e);
    }
  }

  private static ObjectNode sampling(Sampling sampling) {
    ObjectNode node = JSON.createObjectNode().put("temperature", sampling.temperature());
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
        JSON.createObjectNode().put("enabled", policy.halting()).put("signal", policy.rule().id());
    switch (policy.rule()) {
      case RiskRule.OnSignal on ->
          node.put("tau", on.probability().tau()).put("lambda", on.probability().lambda());
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
    ObjectNode row = JSON.valueToTree(token.signals());
    return row.put("text", token.text()).put("risk", policy.risk(token.signals()));
  }
}
