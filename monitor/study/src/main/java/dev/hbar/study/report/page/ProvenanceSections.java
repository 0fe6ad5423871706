package dev.hbar.study.report.page;

import dev.hbar.study.report.NumberText;
import dev.hbar.study.report.page.HtmlPage.Section.Table;
import dev.hbar.study.scores.ScoreFile;
import dev.hbar.study.sweep.Costs;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Where the figures come from: what scoring cost, how it was done, and with what. */
record ProvenanceSections(Study study) {

  /** Time and memory that scoring took. */
  HtmlPage.Section cost() {
    List<List<Object>> rows = new ArrayList<>();
    for (Study.Model model : study.models()) {
      model.costs().ifPresent(costs -> rows.add(costRow(model, costs)));
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
            costCommands(),
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
    return new HtmlPage.Section(
        "Cost", words, List.of(), rows.isEmpty() ? List.of() : List.of(table));
  }

  private String costCommands() {
    return study.models().stream()
        .filter(model -> model.costs().isPresent())
        .map(model -> "cat " + study.word(model.file().resolveSibling("costs.json")))
        .collect(Collectors.joining("\n"));
  }

  private static List<Object> costRow(Study.Model model, Costs costs) {
    return List.of(
        model.name(),
        costs.compute(),
        costs.samples(),
        NumberText.three(costs.secondsPerSample()),
        NumberText.three(costs.loadSeconds()),
        costs.peakBytes() >> 20,
        costs.activeBytesBefore() >> 20,
        costs.activeBytesAfter() >> 20);
  }

  /** How the study was done, with what, and how it differs from the published one. */
  HtmlPage.Section method() {
    List<List<Object>> rows = new ArrayList<>();
    for (Study.Model model : study.models()) {
      rows.add(provenanceRow(model));
    }
    return new HtmlPage.Section(
        "Method and provenance",
        List.of(
            "Each sample is a prompt that asks the model whether a given answer is faithful; up to"
                + " the header's number of tokens is decoded greedily and measured token by token."
                + " A sample's score is the mean of the five largest values (hbar_s, PRI and their"
                + " parts) or of all (the other signals). Parameters are fitted on the calibration"
                + " samples alone. Intervals: %s bootstrap resamples, seed %s."
                    .formatted(study.settings().resamples(), study.settings().seed()),
            "What differs from the published study: a sample that fails is counted and excluded,"
                + " never scored 0.0; dialogue prompts carry the dialogue unless the protocol is"
                + " study-2026-01; both answers of a record stay on one side of the split in"
                + " pairs-v1; hbar_s is read in its calibrated direction; trajectories are"
                + " measured, not simulated.",
            "Computed from the scores by %s on %s (%s), Java %s, %s processors. What scored them is in the"
                    .formatted(
                        program(),
                        System.getProperty("os.name"),
                        System.getProperty("os.arch"),
                        System.getProperty("java.version"),
                        Runtime.getRuntime().availableProcessors())
                + " table: the versions and the device of the run's header.",
            "These numbers are about one way of asking, one dataset and these checkpoints. They do"
                + " not say that an answer is true, and an AUROC near one half means that the"
                + " signal should not be used to decide anything."),
        List.of(),
        List.of(
            new Table(
                "provenance",
                "What was run",
                provenanceCommands(),
                List.of(
                    "model",
                    "checkpoint sha256",
                    "protocol",
                    "selection",
                    "failed",
                    "score file sha256",
                    "versions",
                    "device"),
                rows)));
  }

  /** This program, its version and the commit it was built from; the build writes both down. */
  private static String program() {
    try (InputStream in = ProvenanceSections.class.getResourceAsStream("build.txt")) {
      List<String> lines = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
      return "hbar %s, commit %s".formatted(lines.get(0), lines.get(1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String provenanceCommands() {
    return study.models().stream()
        .map(model -> study.word(model.file()))
        .map(file -> "head -1 %s; shasum -a 256 %s".formatted(file, file))
        .collect(Collectors.joining("\n"));
  }

  private static List<Object> provenanceRow(Study.Model model) {
    var origin = model.validation().origin();
    return List.of(
        model.name(),
        origin.run().map(ScoreFile.Header::checkpointSha256).orElse("-"),
        origin.run().map(ScoreFile.Header::protocol).orElse("as published"),
        origin.run().map(run -> run.selection().words()).orElse("-"),
        model.validation().failed(),
        origin.fileSha256(),
        origin.run().map(run -> run.versions().toString()).orElse("-"),
        origin.run().map(run -> run.settings().compute()).orElse("-"));
  }
}
