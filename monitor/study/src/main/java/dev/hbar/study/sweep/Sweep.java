package dev.hbar.study.sweep;

import dev.hbar.mlx.ErrorText;
import dev.hbar.study.StudyException;
import dev.hbar.study.calibrate.Parameters;
import dev.hbar.study.calibrate.Validation;
import dev.hbar.study.scores.ResultFile;
import dev.hbar.study.scores.ScoreFile;
import dev.hbar.study.scoring.Crew;
import dev.hbar.study.scoring.ScoringBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Checkpoints one after the other: each is loaded, scored on both sets, calibrated, validated and
 * given back before the next one. A checkpoint that fails does not stop the others.
 */
public final class Sweep {
  private final ScoringBackend backend;
  private final SweepPlan plan;
  private final Folder folder;
  private final Crew crew;

  /**
   * Claims the folder of the plan for this sweep.
   *
   * @param resume whether to continue a sweep that is already in the folder
   * @param crew who else scores samples
   * @throws StudyException if the folder holds a sweep and resume is false, or another sweep, or
   *     two checkpoints have one name
   */
  public Sweep(ScoringBackend backend, SweepPlan plan, boolean resume, Crew crew) {
    this.backend = backend;
    this.plan = plan;
    this.folder = new Folder(plan.out());
    this.crew = crew;
    requireOwnFolders();
    folder.claim(plan.settings(), resume);
  }

  private void requireOwnFolders() {
    Set<String> seen = new HashSet<>();
    for (String checkpoint : plan.checkpoints()) {
      if (!seen.add(name(checkpoint))) {
        throw new StudyException(
            plan.out(),
            "two checkpoints are named %s and would share a folder; rename one"
                .formatted(name(checkpoint)));
      }
    }
  }

  /** Samples that all checkpoints score together. */
  public long total() {
    return (long) plan.checkpoints().size() * plan.samplesEach();
  }

  /** How many of these samples are already in score files. */
  public long recorded() {
    return plan.checkpoints().stream().mapToLong(each -> folder.recorded(name(each))).sum();
  }

  /**
   * Runs until all checkpoints are done or the watch asks to stop.
   *
   * @return one result per checkpoint, in order; fewer if the sweep was stopped
   */
  public List<Result> run(Watch watch) {
    long activeBefore = backend.settle().active();
    List<Result> results = new ArrayList<>();
    for (String checkpoint : plan.checkpoints()) {
      long doneBefore = (long) results.size() * plan.samplesEach();
      Optional<Result> result =
          watch.stopRequested()
              ? Optional.empty()
              : attempt(checkpoint, activeBefore, doneBefore, watch);
      if (result.isEmpty()) {
        break;
      }
      results.add(result.get());
      if (result.get() instanceof Result.Failed failed) {
        watch.say("%s failed: %s".formatted(failed.name(), failed.reason()));
        watch.skipped(doneBefore + plan.samplesEach());
      }
    }
    return results;
  }

  private Optional<Result> attempt(
      String checkpoint, long activeBefore, long doneBefore, Watch watch) {
    String name = name(checkpoint);
    try {
      Path place = folder.of(backend.name(checkpoint));
      return new CheckpointRun(backend, plan, name, place, watch, doneBefore, crew)
          .run(checkpoint, activeBefore);
    } catch (RuntimeException e) {
      return Optional.of(Result.failed(name, e));
    }
  }

  private String name(String checkpoint) {
    return name(backend, checkpoint);
  }

  /** The name of a checkpoint that cannot be found is the last part of its path. */
  static String name(ScoringBackend backend, String checkpoint) {
    try {
      return backend.name(checkpoint);
    } catch (RuntimeException notFound) {
      return Path.of(checkpoint).getFileName().toString();
    }
  }

  /** Observes a running sweep, and may ask it to stop between two groups of samples. */
  public interface Watch {
    /** Whether to stop before the next group. */
    boolean stopRequested();

    /**
     * Called after each group, and when samples are found that are already scored.
     *
     * @param done samples of the whole sweep that need no further work
     * @param note checkpoint and stage
     */
    void advanced(long done, String note);

    /**
     * Called when the samples of a failed checkpoint are skipped.
     *
     * @param done samples of the whole sweep that need no further work
     */
    void skipped(long done);

    /** Called with a message for the user. */
    void say(String line);
  }

  /** The outcome for one checkpoint. */
  public sealed interface Result {
    /** Name of the checkpoint. */
    String name();

    /**
     * The checkpoint is done; its files are complete.
     *
     * @param parameters fitted on the training set
     * @param validation of them on the test set
     * @param costs time and memory it took
     */
    record Finished(String name, Parameters parameters, Validation validation, Costs costs)
        implements Result {}

    /**
     * The checkpoint could not be finished; scored samples are kept.
     *
     * @param reason one line
     */
    record Failed(String name, String reason) implements Result {}

    /** The failed result of an exception. */
    static Failed failed(String name, RuntimeException cause) {
      String text = cause.getMessage() == null ? cause.toString() : cause.getMessage();
      return new Failed(name, ErrorText.joined(text));
    }
  }

  /**
   * Where a sweep keeps its files: {@code sweep.json}, and for every checkpoint a folder of its
   * name with {@code calibration.jsonl}, {@code validation.jsonl}, {@code params.json}, {@code
   * result.json} and {@code costs.json}.
   *
   * @param path the folder
   */
  private record Folder(Path path) {
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
              path, "holds a sweep already: continue it with --resume, or choose another --out");
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
        throw new StudyException(
            folder, "cannot be made (" + ErrorText.reason(e) + "); choose another folder");
      }
    }
  }
}
