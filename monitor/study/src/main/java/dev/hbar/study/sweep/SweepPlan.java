package dev.hbar.study.sweep;

import dev.hbar.study.dataset.SampleSource;
import dev.hbar.study.scoring.ScoringRequest;
import dev.hbar.study.statistics.Bootstrap;
import java.nio.file.Path;
import java.util.List;

/**
 * What a sweep does.
 *
 * @param checkpoints folders, or ORG/NAME[@REVISION]; their names differ
 * @param train samples to calibrate on
 * @param test samples to validate on
 * @param seed the samples were drawn with
 * @param request how they are scored
 * @param mostFailures largest share of samples that may fail, in [0, 1]
 * @param evidence how intervals are computed
 * @param out the folder that gets everything
 */
public record SweepPlan(
    List<String> checkpoints,
    SampleSource train,
    SampleSource test,
    long seed,
    ScoringRequest request,
    double mostFailures,
    Bootstrap.Settings evidence,
    Path out) {

  /** Copies the list. */
  public SweepPlan {
    checkpoints = List.copyOf(checkpoints);
  }

  /** The samples of a stage. */
  public SampleSource samples(Stage stage) {
    return stage == Stage.CALIBRATION ? train : test;
  }

  /** Samples that one checkpoint scores. */
  public int samplesEach() {
    return train.size() + test.size();
  }
}
