package dev.hbar.study.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hbar.study.evidence.ScoreSummary;
import dev.hbar.study.evidence.SignalSummary;
import dev.hbar.study.statistics.Auroc;
import dev.hbar.study.statistics.Moments;

/** The table of {@link ScoreTable} as JSON, every number with all its digits. */
public final class ScoreTableJson {
  private static final JsonMapper JSON = new JsonMapper();

  private ScoreTableJson() {}

  /**
   * One JSON object: {"checkpoint", "protocol", "selection", "samples", "failed", "failures":
   * {text: count}, "signals": [{"signal", "risky_if", "right": {"n", "mean", "sd"}, "hallucinated",
   * "auroc", "interval_95", "verdict"}]}. What is not defined is null.
   */
  public static String json(ScoreSummary summary) {
    ObjectNode root = JSON.createObjectNode();
    root.put("checkpoint", summary.header().checkpoint());
    root.put("protocol", summary.header().protocol());
    root.set("selection", JSON.valueToTree(summary.header().selection()));
    root.put("samples", summary.samples());
    root.put("failed", summary.failed());
    ObjectNode failures = root.putObject("failures");
    summary.failures().forEach(failures::put);
    summary.signals().forEach(signal -> root.withArrayProperty("signals").add(signal(signal)));
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of numbers and texts is always JSON", e);
    }
  }

  private static ObjectNode signal(SignalSummary signal) {
    ObjectNode node = JSON.createObjectNode();
    node.put("signal", signal.signal().jsonName());
    node.put("risky_if", signal.signal().polarity().id());
    node.set("right", moments(signal.right()));
    node.set("hallucinated", moments(signal.hallucinated()));
    node.putNull("auroc");
    node.putNull("interval_95");
    signal.auroc().ifPresent(auroc -> node.put("auroc", auroc.value()));
    signal
        .auroc()
        .flatMap(Auroc::interval)
        .ifPresent(i -> node.putArray("interval_95").add(i.low()).add(i.high()));
    node.put("verdict", signal.verdict().words());
    return node;
  }

  private static ObjectNode moments(Moments moments) {
    ObjectNode node = JSON.createObjectNode().put("n", moments.count());
    if (moments.count() == 0) {
      return node.putNull("mean").putNull("sd");
    }
    return node.put("mean", moments.mean()).put("sd", moments.sd());
  }
}
