package dev.hbar.study.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hbar.model.io.Json;
import dev.hbar.study.parity.ErrorProfile;
import dev.hbar.study.parity.ErrorStatistics;
import dev.hbar.study.parity.Preset;
import dev.hbar.study.parity.ReferenceComparison;
import dev.hbar.study.parity.TokenAgreement;

/**
 * Comparisons with another implementation, as JSON. Every number has all its digits; null stands
 * for NaN and infinity.
 */
public final class ParityJson {
  private ParityJson() {}

  /**
   * {"holds", "bound", "checkpoint": {"name", "engine", "dtype", "rope_reference"}, "reference":
   * {same}, "prompt_tokens", "steps"?: {"count", "equal", "top_five", "first_difference"?},
   * "first_over": [{"section", "point", "suspect"}], "notes": [...], "sections": {"prompt": [{
   * "point", "mean_abs", "max_abs", "rmse", "relative", "cosine", "growth", "over"}], ...}}.
   */
  public static String json(ReferenceComparison comparison) {
    ObjectNode root = Json.MAPPER.createObjectNode();
    root.put("holds", comparison.holds()).put("bound", comparison.bound());
    root.set("checkpoint", side(comparison.subject()));
    root.set("reference", side(comparison.reference()));
    root.put("prompt_tokens", comparison.promptTokens());
    comparison.tokens().ifPresent(tokens -> root.set("steps", tokens(tokens)));
    ArrayNode first = root.putArray("first_over");
    comparison
        .divergences()
        .forEach(
            divergence ->
                first
                    .addObject()
                    .put("section", divergence.profile())
                    .put("point", divergence.point())
                    .put("suspect", divergence.suspect()));
    comparison.notes().forEach(root.putArray("notes")::add);
    ObjectNode sections = root.putObject("sections");
    for (ErrorProfile profile : comparison.profiles()) {
      ArrayNode points = sections.putArray(profile.name());
      profile.points().forEach(point -> points.add(point(point, comparison.bound())));
    }
    return text(root);
  }

  /** {"holds", "preset", "checkpoint", "prompt", "token", "logit", "expected": {...}}. */
  public static String json(Preset.Result result) {
    ObjectNode root = Json.MAPPER.createObjectNode();
    root.put("holds", result.holds()).put("preset", result.preset().name());
    root.put("checkpoint", result.checkpoint()).put("compute", result.compute());
    result.preset().prompt().forEach(root.putArray("prompt")::add);
    root.put("token", result.token()).put("logit", result.logit());
    root.putObject("expected")
        .put("token", result.preset().token())
        .put("logit", result.preset().logit())
        .put("tolerance", result.preset().tolerance())
        .put("logit_is_checked", result.isLogitChecked());
    return text(root);
  }

  private static ObjectNode side(ReferenceComparison.Side side) {
    return Json.MAPPER
        .createObjectNode()
        .put("name", side.name())
        .put("engine", side.engine())
        .put("dtype", side.dtype())
        .put("rope_reference", side.rope());
  }

  private static ObjectNode tokens(TokenAgreement tokens) {
    ObjectNode node = Json.MAPPER.createObjectNode();
    node.put("count", tokens.steps()).put("equal", tokens.equal());
    node.put("top_five", defined(tokens.topFive()));
    tokens
        .firstDifference()
        .ifPresent(
            first ->
                node.putObject("first_difference")
                    .put("step", first.step())
                    .put("ours", first.ours())
                    .put("theirs", first.theirs())
                    .put("gap", defined(first.gap())));
    return node;
  }

  private static ObjectNode point(ErrorProfile.PointError point, double bound) {
    ErrorStatistics e = point.error();
    ObjectNode node = Json.MAPPER.createObjectNode().put("point", point.pair().label());
    node.put("mean_abs", defined(e.meanAbsolute())).put("max_abs", defined(e.maxAbsolute()));
    node.put("rmse", defined(e.rmse())).put("relative", defined(e.relative()));
    node.put("cosine", defined(e.cosine()));
    node.put("growth", defined(point.growth().orElse(Double.NaN)));
    return node.put("over", !e.within(bound));
  }

  private static Double defined(double value) {
    return Double.isFinite(value) ? value : null;
  }

  private static String text(ObjectNode root) {
    try {
      return Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(root);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of numbers and texts is always JSON", e);
    }
  }
}
