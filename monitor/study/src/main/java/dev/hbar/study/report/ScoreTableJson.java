package dev.hbar.study.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hbar.study.evidence.Evidence;
import dev.hbar.study.evidence.SignalEvidence;
import dev.hbar.study.scores.ScoreColumns;
import dev.hbar.study.statistics.Estimate;
import dev.hbar.study.statistics.Moments;
import dev.hbar.study.statistics.PairAccuracy;
import java.util.Optional;

/** The table of {@link ScoreTable} as JSON, every number with all its digits. */
public final class ScoreTableJson {
  private static final JsonMapper JSON = new JsonMapper();

  private ScoreTableJson() {}

  /**
   * One JSON object: {"checkpoint", "protocol", "selection", "samples", "failed", "failures":
   * {text: count}, "signals": [{"signal", "risky_if", "in_sample", "right": {"n", "mean", "sd"},
   * "hallucinated", "auroc" (within tasks), "interval_95", "pair_accuracy", "verdict"}], "tasks":
   * [{"task", "samples", "signals": [{"signal", "auroc", "interval_95", "pair_accuracy"}]}]}. What
   * is not defined is null; without both labels there are no signals.
   */
  public static String json(ScoreColumns columns, Optional<Evidence> evidence) {
    ObjectNode root = JSON.createObjectNode();
    root.put("checkpoint", columns.origin().checkpoint());
    root.putNull("protocol");
    root.putNull("selection");
    columns
        .origin()
        .run()
        .ifPresent(
            run ->
                root.put("protocol", run.protocol())
                    .set("selection", JSON.valueToTree(run.selection())));
    root.put("samples", columns.size() + columns.failed());
    root.put("failed", columns.failed());
    ObjectNode failures = root.putObject("failures");
    columns.failures().forEach(failures::put);
    root.putArray("signals");
    root.putArray("tasks");
    evidence.ifPresent(
        all -> {
          all.signals().forEach(signal -> root.withArrayProperty("signals").add(signal(signal)));
          all.tasks().forEach(task -> root.withArrayProperty("tasks").add(task(task)));
        });
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of numbers and texts is always JSON", e);
    }
  }

  private static ObjectNode signal(SignalEvidence signal) {
    ObjectNode node = JSON.createObjectNode();
    node.put("signal", signal.signal());
    node.put("risky_if", signal.risky().id());
    node.put("in_sample", signal.inSample());
    node.set("right", moments(signal.right()));
    node.set("hallucinated", moments(signal.hallucinated()));
    areas(node, signal.within(), signal.pairs());
    return node.put("verdict", signal.words());
  }

  private static ObjectNode task(Evidence.Task task) {
    ObjectNode node = JSON.createObjectNode();
    node.put("task", task.task()).put("samples", task.samples()).putArray("signals");
    for (Evidence.Task.Signal signal : task.signals()) {
      ObjectNode one = JSON.createObjectNode().put("signal", signal.signal());
      areas(one, signal.auroc(), signal.pairs());
      node.withArrayProperty("signals").add(one);
    }
    return node;
  }

  private static void areas(ObjectNode node, Estimate auroc, PairAccuracy pairs) {
    node.put("auroc", auroc.value());
    node.putNull("interval_95");
    auroc.interval().ifPresent(i -> node.putArray("interval_95").add(i.low()).add(i.high()));
    node.putNull("pair_accuracy");
    if (pairs.records() > 0) {
      node.put("pair_accuracy", pairs.value());
    }
  }

  private static ObjectNode moments(Moments moments) {
    return JSON.createObjectNode()
        .put("n", moments.count())
        .put("mean", moments.mean())
        .put("sd", moments.sd());
  }
}
