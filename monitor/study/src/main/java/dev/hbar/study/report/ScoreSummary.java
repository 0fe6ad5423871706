package dev.hbar.study.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hbar.model.io.Json;
import dev.hbar.study.evidence.Evidence;
import dev.hbar.study.evidence.Judgement;
import dev.hbar.study.evidence.SignalEvidence;
import dev.hbar.study.scores.ResultFile;
import dev.hbar.study.scores.ScoreColumns;
import dev.hbar.study.scores.ScoreFile;
import dev.hbar.study.statistics.Estimate;
import dev.hbar.study.statistics.Moments;
import dev.hbar.study.statistics.PairAccuracy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The scores of one file in short: what they are, and the evidence on every signal.
 *
 * @param columns the scores
 * @param evidence on them; empty if they lack a label
 */
public record ScoreSummary(ScoreColumns columns, Optional<Evidence> evidence) {
  private static final int MOST_FAILURES = 3;

  /** The summary as tables, ending in a line end. */
  public String text() {
    return heading()
        + "\n"
        + evidence.map(ScoreSummary::signals).orElseGet(this::moments)
        + evidence.map(ScoreSummary::tasks).orElse("")
        + evidence.map(Evidence::graded).map(GradeText::of).orElse("")
        + failures();
  }

  private String heading() {
    String selection =
        columns
            .origin()
            .run()
            .map(ScoreFile.Header::selection)
            .map(s -> ", " + s.words())
            .orElse("");
    return "%s%s: %s samples (%s right, %s hallucinated, %s failed)%n"
        .formatted(
            columns.origin().checkpoint(),
            selection,
            columns.size() + columns.failed(),
            columns.count(0),
            columns.count(1),
            columns.failed());
  }

  private static String signals(Evidence evidence) {
    boolean several = evidence.tasks().size() > 1;
    TextTable table = new TextTable();
    table.add(
        "signal",
        "risky if",
        "right: mean (sd)",
        "hallucinated",
        several ? "AUROC within tasks [95 %]" : "AUROC [95 %]",
        "of a pair",
        "in words");
    for (SignalEvidence signal : evidence.signals()) {
      table.add(
          signal.signal(),
          signal.risky().id(),
          NumberText.moments(signal.right()),
          NumberText.moments(signal.hallucinated()),
          NumberText.estimate(signal.within()),
          NumberText.pairs(signal.pairs()),
          signal.words());
    }
    return table.render();
  }

  /** One column per task, where there are several. */
  private static String tasks(Evidence evidence) {
    List<Evidence.Task> tasks =
        evidence.tasks().stream().filter(task -> !task.signals().isEmpty()).toList();
    if (tasks.size() < 2) {
      return "";
    }
    TextTable table = new TextTable();
    List<String> head = new ArrayList<>(List.of("AUROC [95 %], of a pair"));
    tasks.forEach(task -> head.add("%s (n = %s)".formatted(task.task(), task.samples())));
    table.add(head.toArray(String[]::new));
    for (int s = 0; s < evidence.signals().size(); s++) {
      List<String> row = new ArrayList<>(List.of(evidence.signals().get(s).signal()));
      for (Evidence.Task task : tasks) {
        Evidence.Task.Signal signal = task.signals().get(s);
        row.add(NumberText.estimate(signal.auroc()) + ", " + NumberText.pairs(signal.pairs()));
      }
      table.add(row.toArray(String[]::new));
    }
    return "\n" + table.render();
  }

  /** Without samples of both labels there is nothing to tell apart. */
  private String moments() {
    TextTable table = new TextTable();
    table.add("signal", "right: mean (sd)", "hallucinated", "in words");
    for (String name : columns.names()) {
      table.add(
          name,
          NumberText.moments(Moments.of(columns.column(name, 0))),
          NumberText.moments(Moments.of(columns.column(name, 1))),
          Judgement.Verdict.UNDEFINED.words());
    }
    return table.render();
  }

  private String failures() {
    StringBuilder text = new StringBuilder();
    columns.failures().entrySet().stream()
        .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
        .limit(MOST_FAILURES)
        .forEach(
            failure ->
                text.append("failed: %s x %s%n".formatted(failure.getValue(), failure.getKey())));
    return text.isEmpty() ? "" : "\n" + text;
  }

  /**
   * The summary as one JSON object: {"checkpoint", "protocol", "selection", "samples", "failed",
   * "failures": {text: count}, "signals": [{"signal", "risky_if", "in_sample", "right": {"n",
   * "mean", "sd"}, "hallucinated", "auroc" (within tasks), "interval_95", "pair_accuracy",
   * "verdict"}], "tasks": [{"task", "samples", "signals": [{"signal", "auroc", "interval_95",
   * "pair_accuracy"}]}], "graded": [...] where labels are grades}. What is not defined is null;
   * without both labels there are no signals.
   */
  public String json() {
    ObjectNode root = Json.MAPPER.createObjectNode();
    root.put("checkpoint", columns.origin().checkpoint());
    root.putNull("protocol");
    root.putNull("selection");
    columns
        .origin()
        .run()
        .ifPresent(
            run ->
                root.put("protocol", run.protocol())
                    .set("selection", Json.MAPPER.valueToTree(run.selection())));
    root.put("samples", columns.size() + columns.failed());
    root.put("failed", columns.failed());
    ObjectNode failures = root.putObject("failures");
    columns.failures().forEach(failures::put);
    root.putArray("signals");
    root.putArray("tasks");
    evidence.ifPresent(
        all -> {
          all.signals()
              .forEach(signal -> root.withArrayProperty("signals").add(signalNode(signal)));
          all.tasks().forEach(task -> root.withArrayProperty("tasks").add(taskNode(task)));
          all.graded().forEach(one -> root.withArrayProperty("graded").add(ResultFile.tree(one)));
        });
    try {
      return Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(root);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of numbers and texts is always JSON", e);
    }
  }

  private static ObjectNode signalNode(SignalEvidence signal) {
    ObjectNode node = Json.MAPPER.createObjectNode();
    node.put("signal", signal.signal());
    node.put("risky_if", signal.risky().id());
    node.put("in_sample", signal.inSample());
    node.set("right", momentsNode(signal.right()));
    node.set("hallucinated", momentsNode(signal.hallucinated()));
    areas(node, signal.within(), signal.pairs());
    return node.put("verdict", signal.words());
  }

  private static ObjectNode taskNode(Evidence.Task task) {
    ObjectNode node = Json.MAPPER.createObjectNode();
    node.put("task", task.task()).put("samples", task.samples()).putArray("signals");
    for (Evidence.Task.Signal signal : task.signals()) {
      ObjectNode one = Json.MAPPER.createObjectNode().put("signal", signal.signal());
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

  private static ObjectNode momentsNode(Moments moments) {
    return Json.MAPPER
        .createObjectNode()
        .put("n", moments.count())
        .put("mean", moments.mean())
        .put("sd", moments.sd());
  }
}
