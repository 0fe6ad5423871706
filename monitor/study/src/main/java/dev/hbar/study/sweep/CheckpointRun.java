package dev.hbar.study.sweep;

import dev.hbar.study.calibrate.Calibration;
import dev.hbar.study.calibrate.Parameters;
import dev.hbar.study.calibrate.ScoreChecks;
import dev.hbar.study.calibrate.Validation;
import dev.hbar.study.scores.ResultFile;
import dev.hbar.study.scores.RunJournal;
import dev.hbar.study.scores.ScoreColumns;
import dev.hbar.study.scores.ScoreFile;
import dev.hbar.study.scores.ScoreInput;
import dev.hbar.study.scoring.Crew;
import dev.hbar.study.scoring.SampleRunner;
import dev.hbar.study.scoring.ScoringBackend;
import java.nio.file.Path;
import java.util.Optional;

/** Scores, calibrates and validates one checkpoint of a sweep. Used once. */
final class CheckpointRun {
  private static final String PARAMETERS = "params.json";

  private final ScoringBackend backend;
  private final SweepPlan plan;
  private final String name;
  private final Path folder;
  private final Sweep.Watch watch;
  private final long doneBefore;
  private final Costs.Meter costs;
  private final Crew crew;

  /**
   * @param folder of this checkpoint
   * @param doneBefore samples of the checkpoints before this one
   * @param crew who else scores samples
   */
  CheckpointRun(
      ScoringBackend backend,
      SweepPlan plan,
      String name,
      Path folder,
      Sweep.Watch watch,
      long doneBefore,
      Crew crew) {
    this.crew = crew;
    this.backend = backend;
    this.plan = plan;
    this.name = name;
    this.folder = folder;
    this.watch = watch;
    this.doneBefore = doneBefore;
    this.costs = new Costs.Meter(folder.resolve("costs.json"), backend);
  }

  /**
   * Scores what is missing, calibrates and validates.
   *
   * @param checkpoint to open
   * @param activeBefore bytes of MLX memory in use before the first checkpoint
   * @return empty if the watch asked to stop
   */
  Optional<Sweep.Result> run(String checkpoint, long activeBefore) {
    boolean complete;
    try {
      complete = scored(checkpoint, activeBefore);
    } finally {
      // The session is closed, so memory in use should be back where it was at the start.
      long active = backend.settle().active();
      costs.givenBack(active);
      watch.say(
          "%s given back: %s active, %s before the first checkpoint"
              .formatted(name, mebibytes(active), mebibytes(activeBefore)));
    }
    return complete ? Optional.of(judged()) : Optional.empty();
  }

  private boolean scored(String checkpoint, long activeBefore) {
    long start = System.nanoTime();
    try (ScoringBackend.Session session = backend.open(checkpoint, plan.request())) {
      costs.loaded(session.compute(), (System.nanoTime() - start) / 1e9, activeBefore);
      session.note().ifPresent(note -> watch.say("note: " + note));
      watch.say(
          "model %s (%s), memory plan %s".formatted(name, session.compute(), session.memory()));
      long done = doneBefore;
      for (SweepPlan.Stage stage : SweepPlan.Stage.values()) {
        if (!scored(session, stage, done)) {
          return false;
        }
        done += plan.samples(stage).size();
      }
      return true;
    }
  }

  private boolean scored(ScoringBackend.Session session, SweepPlan.Stage stage, long before) {
    ScoreFile.Header header = plan.request().header(session, plan.samples(stage).origin());
    try (RunJournal journal = RunJournal.open(stage.scores(folder), header)) {
      StageWatch progress = new StageWatch(watch, costs, before, name + " " + stage.id());
      return new SampleRunner(plan.samples(stage), session, session.groupSize(), crew)
          .run(journal, progress)
          .complete();
    }
  }

  private Sweep.Result judged() {
    Parameters parameters =
        Calibration.of(
            columns(SweepPlan.Stage.CALIBRATION), Calibration.PolarityRule.STUDY, plan.evidence());
    parameters.write(folder.resolve(PARAMETERS));
    Validation validation =
        Validation.of(columns(SweepPlan.Stage.VALIDATION), parameters, PARAMETERS, plan.evidence());
    ResultFile.write(folder.resolve("result.json"), validation);
    return new Sweep.Result.Finished(name, parameters, validation, costs.sum());
  }

  /** Names files without their folder, so that results do not depend on where the sweep is. */
  private ScoreColumns columns(SweepPlan.Stage stage) {
    Path file = stage.scores(folder);
    ScoreColumns columns = ScoreInput.ofRun(file, file.getFileName().toString());
    ScoreChecks.requireFewFailures(columns, plan.mostFailures());
    return columns;
  }

  private static String mebibytes(long bytes) {
    return (bytes >> 20) + " MiB";
  }

  /** Translates the progress of one stage into that of the whole sweep, and times it. */
  static final class StageWatch implements SampleRunner.Watch {
    private final Sweep.Watch sweep;
    private final Costs.Meter costs;
    private final long before;
    private final String note;
    private int known = -1;
    private long since;

    /**
     * @param before samples of the sweep before this stage
     * @param note checkpoint and stage
     */
    StageWatch(Sweep.Watch sweep, Costs.Meter costs, long before, String note) {
      this.sweep = sweep;
      this.costs = costs;
      this.before = before;
      this.note = note;
    }

    @Override
    public boolean stopRequested() {
      return sweep.stopRequested();
    }

    @Override
    public void advanced(int done, int total, int failed) {
      long now = System.nanoTime();
      if (known >= 0) {
        costs.scored(done - known, (now - since) / 1e9);
      }
      known = done;
      since = now;
      sweep.advanced(before + done, failed == 0 ? note : note + ", " + failed + " failed");
    }
  }
}
