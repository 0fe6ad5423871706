package dev.hbar.study.sweep;

import dev.hbar.study.scoring.ScoringBackend;
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
  private final SweepFolder folder;

  /**
   * A sweep whose folder is claimed.
   *
   * @param resume whether a sweep that is there already may be gone on with
   * @throws SweepException if the folder holds a sweep and resume is false, or another sweep, or
   *     two checkpoints have one name
   */
  public Sweep(ScoringBackend backend, SweepPlan plan, boolean resume) {
    this.backend = backend;
    this.plan = plan;
    this.folder = new SweepFolder(plan.out());
    requireOwnFolders();
    folder.claim(SweepSettings.of(plan), resume);
  }

  private void requireOwnFolders() {
    Set<String> seen = new HashSet<>();
    for (String checkpoint : plan.checkpoints()) {
      if (!seen.add(name(checkpoint))) {
        throw new SweepException(
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

  /** How many of them are in score files now. */
  public long recorded() {
    return plan.checkpoints().stream().mapToLong(each -> folder.recorded(name(each))).sum();
  }

  /**
   * Runs to the end, or until the watch asks to stop.
   *
   * @return one result per checkpoint in order; fewer than checkpoints if it was stopped
   */
  public List<SweepResult> run(SweepWatch watch) {
    long activeBefore = backend.settle().active();
    List<SweepResult> results = new ArrayList<>();
    for (String checkpoint : plan.checkpoints()) {
      long doneBefore = (long) results.size() * plan.samplesEach();
      Optional<SweepResult> result =
          watch.stopRequested()
              ? Optional.empty()
              : attempt(checkpoint, activeBefore, doneBefore, watch);
      if (result.isEmpty()) {
        break;
      }
      results.add(result.get());
      if (result.get() instanceof SweepResult.Failed failed) {
        watch.say("%s failed: %s".formatted(failed.name(), failed.reason()));
        watch.skipped(doneBefore + plan.samplesEach());
      }
    }
    return results;
  }

  private Optional<SweepResult> attempt(
      String checkpoint, long activeBefore, long doneBefore, SweepWatch watch) {
    String name = name(checkpoint);
    try {
      Path place = folder.of(backend.name(checkpoint));
      return new CheckpointRun(backend, plan, name, place, watch, doneBefore)
          .run(checkpoint, activeBefore);
    } catch (RuntimeException e) {
      return Optional.of(SweepResult.failed(name, e));
    }
  }

  /** A checkpoint that is not there goes by the end of what it was called. */
  private String name(String checkpoint) {
    try {
      return backend.name(checkpoint);
    } catch (RuntimeException notThere) {
      return Path.of(checkpoint).getFileName().toString();
    }
  }
}
