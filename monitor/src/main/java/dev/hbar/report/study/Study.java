package dev.hbar.report.study;

import dev.hbar.evaluate.EvidenceSettings;
import java.nio.file.Path;
import java.util.List;

/**
 * What a report is about.
 *
 * @param folder the scores' folder
 * @param models at least one, by name
 * @param settings of the bootstrap
 */
record Study(Path folder, List<StudyModel> models, EvidenceSettings settings) {
  /** Copies the list. */
  Study {
    models = List.copyOf(models);
  }

  /** Reads a folder. */
  static Study read(Path folder, EvidenceSettings settings) {
    return new Study(folder, new StudyReader(settings).read(folder), settings);
  }

  /** The models that have parameters. */
  List<StudyModel> judged() {
    return models.stream().filter(model -> model.judged().isPresent()).toList();
  }

  /** The command that computes a model's figures from its score files. */
  String command(StudyModel model) {
    String scores = model.file().toString();
    return model
        .calibration()
        .map(
            calibration ->
                "hbar calibrate --scores %s --out params.json && hbar validate --scores %s --params params.json --out result.json --json"
                    .formatted(calibration, scores))
        .orElse("hbar calibrate --scores %s --out params.json --json".formatted(scores));
  }

  /** The commands of all models, one line each. */
  String commands() {
    return String.join("\n", models.stream().map(this::command).toList());
  }
}
