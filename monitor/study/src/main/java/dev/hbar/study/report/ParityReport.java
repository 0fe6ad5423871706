package dev.hbar.study.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hbar.model.capture.CapturePoint;
import dev.hbar.model.io.Json;
import dev.hbar.study.parity.Divergence;
import dev.hbar.study.parity.ErrorProfile;
import dev.hbar.study.parity.ErrorStatistics;
import dev.hbar.study.parity.Preset;
import dev.hbar.study.parity.ReferenceComparison;
import dev.hbar.study.parity.TokenAgreement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Comparisons with another implementation, as text for people and as JSON. In JSON every number has
 * all its digits; null stands for NaN and infinity.
 */
public final class ParityReport {
  /** Of a longer profile only the outputs of blocks and what is over the bound are shown. */
  private static final int MOST_ROWS = 60;

  private static final int MOST_WRONG = 20;

  private ParityReport() {}

  /** A comparison: both sides, a table for each profile, notes, and the conclusion. */
  public static String text(ReferenceComparison comparison) {
    StringBuilder text = new StringBuilder(facts(comparison));
    for (ErrorProfile profile : comparison.profiles()) {
      text.append('\n').append(heading(profile)).append('\n').append(rows(comparison, profile));
    }
    text.append('\n');
    comparison.notes().forEach(note -> text.append("note: ").append(note).append('\n'));
    return text.append(conclusion(comparison)).toString();
  }

  private static String facts(ReferenceComparison comparison) {
    TextTable facts = new TextTable();
    facts.add("checkpoint", side(comparison.subject()));
    facts.add("reference", side(comparison.reference()));
    facts.add("prompt", comparison.promptTokens() + " tokens");
    comparison.tokens().ifPresent(tokens -> facts.add("steps", tokens(tokens)));
    facts.add("bound", "relative error " + error(comparison.bound()));
    return facts.render();
  }

  private static String side(ReferenceComparison.Side side) {
    return "%s (%s, %s, rope of %s)"
        .formatted(side.name(), side.engine(), side.dtype(), side.rope());
  }

  private static String tokens(TokenAgreement tokens) {
    return String.format(
        Locale.ROOT,
        "%s, most likely token equal in %s, top-5 agreement %.1f %%",
        tokens.steps(),
        tokens.equal(),
        100 * tokens.topFive());
  }

  private static String heading(ErrorProfile profile) {
    return switch (profile.name()) {
      case "prompt" -> "the prompt's pass, errors adding up from block to block";
      case "steps" -> "the steps, at the last position of each";
      default ->
          "isolated: every block on the reference's input, every MLP on its attention output";
    };
  }

  private static String rows(ReferenceComparison comparison, ErrorProfile profile) {
    List<ErrorProfile.PointError> wrong = profile.over(comparison.bound());
    boolean all = profile.points().size() <= MOST_ROWS;
    TextTable table = new TextTable();
    table.add("point", "mean |e|", "max |e|", "RMSE", "relative", "cosine", "growth", "");
    for (ErrorProfile.PointError point : profile.points()) {
      boolean isWrong = wrong.contains(point);
      boolean shown = isWrong && wrong.indexOf(point) < MOST_WRONG;
      if (all || shown || isOutput(point.pair().ours())) {
        table.add(row(point, isWrong));
      }
    }
    return table.render()
        + "%s points, %s over the bound%s%n"
            .formatted(
                profile.points().size(), wrong.size(), all ? "" : "; --json shows every one");
  }

  private static boolean isOutput(CapturePoint point) {
    return !(point instanceof CapturePoint.InBlock);
  }

  private static String[] row(ErrorProfile.PointError point, boolean wrong) {
    ErrorStatistics e = point.error();
    return new String[] {
      point.pair().label(),
      error(e.meanAbsolute()),
      error(e.maxAbsolute()),
      error(e.rmse()),
      error(e.relative()),
      String.format(Locale.ROOT, "%.7f", e.cosine()),
      point.growth().isPresent()
          ? String.format(Locale.ROOT, "%.2f", point.growth().getAsDouble())
          : "-",
      wrong ? "over" : ""
    };
  }

  private static String conclusion(ReferenceComparison comparison) {
    if (comparison.holds()) {
      return "within the bound everywhere; worst relative error %s\n"
          .formatted(error(comparison.worst().orElse(0)));
    }
    // In isolation one cause, such as rope, may be seen in every block: one line for each cause.
    Map<String, List<Divergence>> causes = new LinkedHashMap<>();
    for (Divergence divergence : comparison.divergences()) {
      causes
          .computeIfAbsent(divergence.profile() + divergence.suspect(), any -> new ArrayList<>())
          .add(divergence);
    }
    StringBuilder text = new StringBuilder();
    for (List<Divergence> alike : causes.values()) {
      Divergence first = alike.getFirst();
      String more = alike.size() == 1 ? "" : " and in %s more blocks".formatted(alike.size() - 1);
      text.append(
          "over the bound (%s) from %s on%s; look at %s%n"
              .formatted(first.profile(), first.point(), more, first.suspect()));
    }
    return text.toString();
  }

  private static String error(double value) {
    return value == 0 ? "0" : String.format(Locale.ROOT, "%.2e", value);
  }

  /** The result of a preset: the expected and the computed answer, and whether they agree. */
  public static String text(Preset.Result result) {
    Preset preset = result.preset();
    TextTable table = new TextTable();
    table.add("preset", preset.name() + ", prompt ids " + preset.prompt());
    table.add("checkpoint", "%s (%s)".formatted(result.checkpoint(), result.compute()));
    table.add("expected", "token %s, logit %s".formatted(preset.token(), decimals(preset.logit())));
    table.add(
        "computed",
        "token %s, logit of %s %s"
            .formatted(result.token(), preset.token(), decimals(result.logit())));
    String bound =
        result.isLogitChecked()
            ? "the logit may differ by " + preset.tolerance()
            : "quantized weights: only the token is checked";
    return table.render() + (result.holds() ? "holds" : "does not hold") + "; " + bound + "\n";
  }

  private static String decimals(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }

  /**
   * {"holds", "bound", "checkpoint": {"name", "engine", "dtype", "rope_reference"}, "reference":
   * {same}, "prompt_tokens", "steps"?: {"count", "equal", "top_five", "first_difference"?},
   * "first_over": [{"section", "point", "suspect"}], "notes": [...], "sections": {"prompt": [{
   * "point", "mean_abs", "max_abs", "rmse", "relative", "cosine", "growth", "over"}], ...}}.
   */
  public static String json(ReferenceComparison comparison) {
    ObjectNode root = Json.MAPPER.createObjectNode();
    root.put("holds", comparison.holds()).put("bound", comparison.bound());
    root.set("checkpoint", sideNode(comparison.subject()));
    root.set("reference", sideNode(comparison.reference()));
    root.put("prompt_tokens", comparison.promptTokens());
    comparison.tokens().ifPresent(tokens -> root.set("steps", tokensNode(tokens)));
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
      profile.points().forEach(point -> points.add(pointNode(point, comparison.bound())));
    }
    return root.toPrettyString();
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
    return root.toPrettyString();
  }

  private static ObjectNode sideNode(ReferenceComparison.Side side) {
    return Json.MAPPER
        .createObjectNode()
        .put("name", side.name())
        .put("engine", side.engine())
        .put("dtype", side.dtype())
        .put("rope_reference", side.rope());
  }

  private static ObjectNode tokensNode(TokenAgreement tokens) {
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

  private static ObjectNode pointNode(ErrorProfile.PointError point, double bound) {
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
}
