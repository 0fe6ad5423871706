package dev.hbar.study.sweep;

import dev.hbar.study.calibrate.Calibration;
import dev.hbar.study.calibrate.Parameters;
import dev.hbar.study.calibrate.PolarityRule;
import dev.hbar.study.calibrate.ScoreChecks;
import dev.hbar.study.calibrate.Validation;
import dev.hbar.study.scores.ResultFile;
import dev.hbar.study.scores.RunHeader;
import dev.hbar.study.scores.RunJournal;
import dev.hbar.study.scores.ScoreColumns;
import dev.hbar.study.scores.ScoreInput;
import dev.hbar.study.scoring.SampleRunner;
import dev.hbar.study.scoring.ScoringBackend;
import dev.hbar.study.scoring.ScoringSession;
import java.nio.file.Path;
import java.util.Optional;

/** One checkpoint of a sweep. Create, {@link #run}, throw away. */
final class CheckpointRun {
  private static final String PARAMETERS = "params.json";

  private final ScoringBackend backend;
  private final SweepPlan plan;
  private final String name;
  private final Path folder;
  private final SweepWatch watch;
  private final long doneBefore;
  private final CostMeter costs;

  /**
   * @param folder of this checkpoint
   * @param doneBefore samples of the checkpoints before this one
   */
  CheckpointRun(
      ScoringBackend backend,
      SweepPlan plan,
      String name,
      Path folder,
      SweepWatch watch,
      long doneBefore) {
    this.backend = backend;
    this.plan = plan;
    this.name = name;
    this.folder = folder;
    this.watch = watch;
    this.doneBefore = doneBefore;
    this.costs = new CostMeter(folder.resolve("costs.json"), backend);
  }

  /**
   * Scores what is missing, calibrates and validates.
   *
   * @param checkpoint to open
   * @param activeBefore bytes held before the sweep's first checkpoint
   * @return empty if it was asked to stop
   */
  Optional<SweepResult> run(String checkpoint, long activeBefore) {
    boolean complete;
    try {
      complete = scored(checkpoint, activeBefore);
    } finally {
      // After the session was closed: what is held now should be what was held at the start.
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
    try (ScoringSession session = backend.open(checkpoint, plan.request())) {
      costs.loaded(session.compute(), (System.nanoTime() - start) / 1e9, activeBefore);
      watch.say(
          "model %s (%s), memory plan %s".formatted(name, session.compute(), session.memory()));
      long done = doneBefore;
      for (Stage stage : Stage.values()) {
        if (!scored(session, stage, done)) {
          return false;
        }
        done += plan.samples(stage).size();
      }
      return true;
    }
  }

  private boolean scored(ScoringSession session, Stage stage, long before) {
    RunHeader header = plan.request().header(session, plan.samples(stage).origin());
    try (RunJournal journal = RunJournal.open(stage.scores(folder), header)) {
      StageWatch progress = new StageWatch(watch, costs, before, name + " " + stage.id());
      return new SampleRunner(plan.samples(stage), session, session.groupSize())
          .run(journal, progress)
          .complete();
    }
  }

  private SweepResult judged() {
    Parameters parameters =
        Calibration.of(columns(Stage.CALIBRATION), PolarityRule.STUDY, plan.evidence());
    parameters.write(folder.resolve(PARAMETERS));
    Validation validation =
        Validation.of(columns(Stage.VALIDATION), parameters, PARAMETERS, plan.evidence());
    ResultFile.write(folder.resolve("result.json"), validation);
    return new SweepResult.Finished(name, parameters, validation, costs.sum());
  }

  /** Files are named without their folder, so that equal sweeps have equal bytes anywhere. */
  private ScoreColumns columns(Stage stage) {
    Path file = stage.scores(folder);
    ScoreColumns columns = ScoreInput.ofRun(file, file.getFileName().toString());
    ScoreChecks.requireFewFailures(columns, plan.mostFailures());
    return columns;
  }

  private static String mebibytes(long bytes) {
    return (bytes >> 20) + " MiB";
  }
}
