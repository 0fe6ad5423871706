package dev.hbar.study.report.page;

import dev.hbar.study.report.page.Section.Table;
import dev.hbar.study.sweep.Costs;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What scoring took on the machine that did it. */
final class CostSection {
  private CostSection() {}

  static Section of(Study study) {
    List<List<Object>> rows = new ArrayList<>();
    for (StudyModel model : study.models()) {
      model.costs().ifPresent(costs -> rows.add(row(model, costs)));
    }
    List<String> words = new ArrayList<>();
    words.add(
        "Seconds are wall time for scoring, loading left out; memory is what MLX held at most,"
            + " weights included. After each model the memory is given back: the last two columns"
            + " should agree.");
    if (rows.isEmpty()) {
      words.add("No costs.json here: hbar sweep writes one for each model.");
    }
    Table table =
        new Table(
            "costs",
            "Cost of scoring",
            commands(study),
            List.of(
                "model",
                "computed on",
                "samples",
                "seconds a sample",
                "load, s",
                "peak, MiB",
                "held before, MiB",
                "held after, MiB"),
            rows);
    return new Section("Cost", words, List.of(), rows.isEmpty() ? List.of() : List.of(table));
  }

  private static String commands(Study study) {
    return study.models().stream()
        .filter(model -> model.costs().isPresent())
        .map(model -> "cat " + Shell.word(model.file().resolveSibling("costs.json")))
        .collect(Collectors.joining("\n"));
  }

  private static List<Object> row(StudyModel model, Costs costs) {
    return List.of(
        model.name(),
        costs.compute(),
        costs.samples(),
        Figures.three(costs.secondsPerSample()),
        Figures.three(costs.loadSeconds()),
        costs.peakBytes() >> 20,
        costs.activeBytesBefore() >> 20,
        costs.activeBytesAfter() >> 20);
  }
}
