package dev.hbar.study.report.page;

import dev.hbar.study.statistics.Bootstrap;
import java.nio.file.Path;
import java.util.List;

/**
 * What a report is about.
 *
 * @param folder the scores' folder
 * @param models at least one, in the order of {@link ModelOrder}
 * @param leftOut why further models are not in it, one line each
 * @param settings of the bootstrap
 */
record Study(
    Path folder, List<StudyModel> models, List<String> leftOut, Bootstrap.Settings settings) {
  /** Copies the lists. */
  Study {
    models = List.copyOf(models);
    leftOut = List.copyOf(leftOut);
  }

  /** Reads a folder. */
  static Study read(Path folder, Bootstrap.Settings settings) {
    return new StudyReader(settings).read(folder);
  }

  /** The models that have parameters. */
  List<StudyModel> judged() {
    return models.stream().filter(model -> model.judged().isPresent()).toList();
  }

  /** The command that computes a model's figures from its score files. */
  String command(StudyModel model) {
    String scores = Shell.word(model.file());
    return model
        .calibration()
        .map(
            calibration ->
                "hbar calibrate --scores %s --out params.json%s && hbar validate --scores %s --params params.json --out result.json --json%s"
                    .formatted(Shell.word(calibration), options(), scores, options()))
        .orElse("hbar summary %s --evidence --json%s".formatted(scores, options()));
  }

  /** The commands of all models, one line each. */
  String commands() {
    return String.join("\n", models.stream().map(this::command).toList());
  }

  /** What differs from the commands' defaults. */
  String options() {
    return settings.equals(Bootstrap.Settings.DEFAULT)
        ? ""
        : " --resamples %s --seed %s".formatted(settings.resamples(), settings.seed());
  }
}
