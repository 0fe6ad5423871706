package dev.hbar.study.sweep;

import dev.hbar.study.scores.ResultFile;
import dev.hbar.study.scores.ScoreFile;
import dev.hbar.study.scores.ScoreFileException;
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
   * Makes the folder this sweep's.
   *
   * @param resume whether a sweep that is there already may be gone on with
   * @throws SweepException if it holds a sweep and resume is false, or another sweep
   */
  void claim(SweepSettings settings, boolean resume) {
    Path file = path.resolve("sweep.json");
    if (Files.exists(file)) {
      if (!resume) {
        throw new SweepException(
            path, "holds a sweep already: go on with it by --resume, or choose another --out");
      }
      Optional<String> difference = settings.differenceFrom(file);
      if (difference.isPresent()) {
        throw new SweepException(
            file, "is of another sweep: " + difference.get() + "; choose another --out");
      }
      return;
    }
    makeFolder(path);
    ResultFile.write(file, settings);
  }

  /** The folder of a checkpoint, there from now on. */
  Path of(String name) {
    Path folder = path.resolve(name);
    makeFolder(folder);
    return folder;
  }

  /** Samples of a checkpoint that are in its score files. */
  int recorded(String name) {
    int count = 0;
    for (Stage stage : Stage.values()) {
      Path scores = stage.scores(path.resolve(name));
      try {
        count += Files.exists(scores) ? ScoreFile.read(scores).scores().size() : 0;
      } catch (ScoreFileException damaged) {
        // Whoever goes on with the file says so.
        continue;
      }
    }
    return count;
  }

  private static void makeFolder(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new SweepException(folder, "cannot be made: " + e.getMessage());
    }
  }
}
