package dev.hbar.study.sweep;

import dev.hbar.study.StudyException;
import dev.hbar.study.scores.ResultFile;
import dev.hbar.study.scores.ScoreFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a sweep keeps its files: {@code sweep.json}, and for every checkpoint a folder of its name
 * with {@code calibration.jsonl}, {@code validation.jsonl}, {@code params.json}, {@code
 * result.json} and {@code costs.json}.
 *
 * @param path the folder
 */
record SweepFolder(Path path) {
  /**
   * Claims the folder for a sweep with these settings.
   *
   * @param resume whether to continue a sweep that is already there
   * @throws StudyException if it holds another sweep, or this one and {@code resume} is false
   */
  void claim(SweepPlan.Settings settings, boolean resume) {
    Path file = path.resolve("sweep.json");
    if (Files.exists(file)) {
      if (!resume) {
        throw new StudyException(
            path, "holds a sweep already: go on with it by --resume, or choose another --out");
      }
      Optional<String> difference = settings.differenceFrom(file);
      if (difference.isPresent()) {
        throw new StudyException(
            file, "is of another sweep: " + difference.get() + "; choose another --out");
      }
      return;
    }
    create(path);
    ResultFile.write(file, settings);
  }

  /** The folder of a checkpoint, created if necessary. */
  Path of(String name) {
    Path folder = path.resolve(name);
    create(folder);
    return folder;
  }

  /** How many samples of a checkpoint are in its score files. */
  int recorded(String name) {
    int count = 0;
    for (SweepPlan.Stage stage : SweepPlan.Stage.values()) {
      Path scores = stage.scores(path.resolve(name));
      try {
        count += Files.exists(scores) ? ScoreFile.read(scores).scores().size() : 0;
      } catch (StudyException damaged) {
        // Reported when the file is opened to be continued.
      }
    }
    return count;
  }

  private static void create(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new StudyException(folder, "cannot be made: " + e.getMessage());
    }
  }
}
