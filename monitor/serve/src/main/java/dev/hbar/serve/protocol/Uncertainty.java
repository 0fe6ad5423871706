package dev.hbar.serve.protocol;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hbar.monitor.generation.GeneratedToken;
import dev.hbar.monitor.generation.GenerationSettings;
import dev.hbar.monitor.risk.HaltPolicy;
import dev.hbar.monitor.signal.Signal;
import dev.hbar.monitor.signal.TokenSignals;
import dev.hbar.serve.engine.Job;
import dev.hbar.serve.engine.RiskPolicy;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The {@code uncertainty} extension, which plain clients pass over: how sure the model was of every
 * token and of the whole answer.
 *
 * @param tokens whether every token is described, and not only the answer
 * @param allSignals whether every cheap signal is measured, beside hbar_s and PRI
 * @param layers whether beside them the drift of every layer is, as {@code drift_0} and so on
 * @param policy what is done about risk
 */
record Uncertainty(boolean tokens, boolean allSignals, boolean layers, RiskPolicy policy) {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** Without the layers. */
  Uncertainty(boolean tokens, boolean allSignals, RiskPolicy policy) {
    this(tokens, allSignals, false, policy);
  }

  /** The settings under which what is wanted is measured. */
  GenerationSettings measured(GenerationSettings.Builder settings) {
    if (layers) {
      return settings.blockDrifts().build();
    }
    return (allSignals ? settings.allSignals() : settings).build();
  }

  /** One token: its signals and, where they are calibrated, its risk and whether it is flagged. */
  ObjectNode token(HaltPolicy watched, GeneratedToken token) {
    TokenSignals signals = token.signals();
    ObjectNode node = JSON.objectNode();
    node.put("id", token.id());
    node.put("text", token.text());
    node.put(Signal.SURPRISE.id(), signals.surprise());
    node.put("hbar_s", signals.hbar());
    node.put(Signal.PRI.id(), signals.pri());
    signals.signals().stream()
        .filter(signal -> !Signal.STUDY.contains(signal))
        .forEach(signal -> node.put(signal.id(), signals.get(signal)));
    token.risk().ifPresent(risk -> node.put("risk", risk).put("flagged", watched.isRisky(risk)));
    return node;
  }

  /** A whole answer: means over its tokens, the least sure token, and how many were flagged. */
  ObjectNode answer(HaltPolicy watched, Job.Answer answer) {
    List<GeneratedToken> measured = answer.result().trajectory();
    ObjectNode node = JSON.objectNode();
    if (watched.rule().isCalibrated()) {
      node.put("risk_of", watched.rule().id()).put("threshold", watched.cutoff());
    }
    node.put("policy", policy.action().id());
    node.put("halted", answer.isHalted());
    if (!measured.isEmpty()) {
      node.put("mean_surprise", mean(measured, TokenSignals::surprise));
      node.put("mean_hbar_s", mean(measured, TokenSignals::hbar));
      node.put("mean_pri", mean(measured, TokenSignals::pri));
      node.put("max_surprise", most(measured, TokenSignals::surprise));
      OptionalDouble risk = measured.stream().flatMapToDouble(token -> token.risk().stream()).max();
      risk.ifPresent(
          highest ->
              node.put("max_risk", highest).put("flagged_tokens", flagged(watched, measured)));
    }
    if (tokens) {
      ArrayNode all = node.putArray("tokens");
      measured.forEach(token -> all.add(token(watched, token)));
    }
    return node;
  }

  private static long flagged(HaltPolicy watched, List<GeneratedToken> tokens) {
    return tokens.stream()
        .filter(token -> token.risk().isPresent() && watched.isRisky(token.risk().getAsDouble()))
        .count();
  }

  private static double mean(
      List<GeneratedToken> tokens, java.util.function.ToDoubleFunction<TokenSignals> of) {
    return tokens.stream().map(GeneratedToken::signals).mapToDouble(of).average().orElseThrow();
  }

  private static double most(
      List<GeneratedToken> tokens, java.util.function.ToDoubleFunction<TokenSignals> of) {
    return tokens.stream().map(GeneratedToken::signals).mapToDouble(of).max().orElseThrow();
  }
}
