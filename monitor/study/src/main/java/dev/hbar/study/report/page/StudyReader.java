package dev.hbar.study.report.page;

import dev.hbar.study.StudyException;
import dev.hbar.study.calibrate.Calibration;
import dev.hbar.study.calibrate.Parameters;
import dev.hbar.study.calibrate.ScoreChecks;
import dev.hbar.study.calibrate.Validation;
import dev.hbar.study.evidence.Evidence;
import dev.hbar.study.evidence.EvidenceAnalysis;
import dev.hbar.study.evidence.Trajectories;
import dev.hbar.study.scores.ResultFile;
import dev.hbar.study.scores.ScoreColumns;
import dev.hbar.study.scores.ScoreFile;
import dev.hbar.study.scores.ScoreInput;
import dev.hbar.study.statistics.Bootstrap;
import dev.hbar.study.sweep.Costs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Reads the folder of a study: one sub-folder per model, as {@code hbar sweep} writes them, or
 * score files next to each other. Parameters and results are computed again from the scores.
 */
final class StudyReader {
  private static final String VALIDATION = "validation.jsonl";
  private static final double MOST_FAILED = 0.02;
  private static final String CALIBRATION = "calibration.jsonl";

  private final Bootstrap.Settings settings;
  private final List<String> leftOut = new ArrayList<>();

  StudyReader(Bootstrap.Settings settings) {
    this.settings = settings;
  }

  /**
   * Reads the study; models that are incomplete or failed too often are left out and named.
   *
   * @throws Calibration.UnusableScores if there is none
   */
  Study read(Path folder) {
    List<Study.Model> models = new ArrayList<>();
    // The folder of one model: its calibration, parameters and result are no models of their own.
    boolean single = Files.isRegularFile(folder.resolve(VALIDATION));
    for (Path entry : single ? List.of(folder) : entries(folder)) {
      try {
        model(entry).ifPresent(models::add);
      } catch (Calibration.UnusableScores unusable) {
        leftOut.add(unusable.getMessage());
      }
    }
    if (models.isEmpty()) {
      throw new Calibration.UnusableScores(
          folder.toString(),
          leftOut.isEmpty()
              ? "holds no model: neither folders with a validation.jsonl, as hbar sweep leaves"
                  + " them, nor score files"
              : "holds no model that can be used: " + leftOut.getFirst());
    }
    models.sort(Comparator.comparing(Study.Model::name, Study.Model.NAME_ORDER));
    return new Study(folder, together(models), leftOut, settings);
  }

  /** Corrects the p values of all models together, because they test the same hypotheses. */
  private static List<Study.Model> together(List<Study.Model> models) {
    List<Evidence> corrected =
        Evidence.together(models.stream().map(Study.Model::evidence).toList());
    return IntStream.range(0, models.size())
        .mapToObj(i -> models.get(i).with(corrected.get(i)))
        .toList();
  }

  private Optional<Study.Model> model(Path entry) {
    if (Files.isRegularFile(entry.resolve(VALIDATION))) {
      return Optional.of(ofFolder(entry));
    }
    if (Files.isRegularFile(entry.resolve(CALIBRATION))) {
      leftOut.add(entry + ": has no " + VALIDATION + "; continue with hbar sweep --resume");
      return Optional.empty();
    }
    boolean scores = entry.getFileName().toString().endsWith(".jsonl") || published(entry);
    return scores ? Optional.of(ofFile(entry)) : Optional.empty();
  }

  /** Reads scores that are complete and have as few failures as the printed commands require. */
  private static ScoreColumns scores(Path file) {
    ScoreColumns scores = ScoreInput.read(file);
    ScoreChecks.requireComplete(scores);
    ScoreChecks.requireFewFailures(scores, MOST_FAILED);
    return scores;
  }

  private static List<Path> entries(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.sorted().toList();
    } catch (IOException e) {
      throw new StudyException(folder, "is not a folder that can be read");
    }
  }

  private static boolean published(Path file) {
    return file.getFileName().toString().endsWith(".json")
        && ResultFile.read(file).has("scores_by_sample");
  }

  private Study.Model ofFolder(Path folder) {
    Path file = folder.resolve(VALIDATION);
    Path calibration = folder.resolve(CALIBRATION);
    String name = folder.toAbsolutePath().normalize().getFileName().toString();
    Optional<Costs> costs =
        Optional.of(folder.resolve("costs.json"))
            .filter(Files::isRegularFile)
            .map(path -> ResultFile.bind(path, ResultFile.read(path), Costs.class));
    return Files.isRegularFile(calibration)
        ? judged(name, calibration, file, costs)
        : unjudged(name, file, costs);
  }

  private Study.Model ofFile(Path file) {
    String name = file.getFileName().toString().replaceFirst("\\.jsonl?$", "");
    return unjudged(name, file, Optional.empty());
  }

  private Study.Model judged(String name, Path calibration, Path file, Optional<Costs> costs) {
    Parameters parameters =
        Calibration.of(scores(calibration), Calibration.PolarityRule.STUDY, settings);
    ScoreColumns scores = scores(file);
    Validation validation = Validation.of(scores, parameters, calibration.toString(), settings);
    return new Study.Model(
        name,
        Optional.of(calibration),
        file,
        scores.withJoint(parameters.jointModelWeights()),
        validation.evidence(),
        Optional.of(new Study.Model.Judged(parameters, validation)),
        trajectories(scores, file),
        costs);
  }

  private Study.Model unjudged(String name, Path file, Optional<Costs> costs) {
    ScoreColumns scores = scores(file).requireOfEachLabel(2);
    Evidence evidence = new EvidenceAnalysis(scores, Map.of(), settings).run();
    return new Study.Model(
        name,
        Optional.empty(),
        file,
        scores,
        evidence,
        Optional.empty(),
        trajectories(scores, file),
        costs);
  }

  private static Optional<Trajectories> trajectories(ScoreColumns scores, Path file) {
    return scores.origin().run().isPresent()
        ? Trajectories.of(ScoreFile.read(file))
        : Optional.empty();
  }
}
