package dev.hbar.study.report.page;

import dev.hbar.study.report.page.Section.Table;
import dev.hbar.study.scores.RunHeader;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** How it was done, with what, and what differs from the published study. */
final class MethodSection {
  private MethodSection() {}

  static Section of(Study study) {
    List<List<Object>> rows = new ArrayList<>();
    for (StudyModel model : study.models()) {
      rows.add(row(model));
    }
    return new Section(
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
            "Computed from the scores on %s (%s), Java %s, %s processors. What scored them is in the"
                    .formatted(
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
                commands(study),
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

  private static String commands(Study study) {
    return study.models().stream()
        .map(model -> Shell.word(model.file()))
        .map(file -> "head -1 %s; shasum -a 256 %s".formatted(file, file))
        .collect(Collectors.joining("\n"));
  }

  private static List<Object> row(StudyModel model) {
    var origin = model.validation().origin();
    return List.of(
        model.name(),
        origin.run().map(RunHeader::checkpointSha256).orElse("-"),
        origin.run().map(RunHeader::protocol).orElse("as published"),
        origin.run().map(run -> run.selection().words()).orElse("-"),
        model.validation().failed(),
        origin.fileSha256(),
        origin.run().map(run -> run.versions().toString()).orElse("-"),
        origin.run().map(run -> run.settings().compute()).orElse("-"));
  }
}
