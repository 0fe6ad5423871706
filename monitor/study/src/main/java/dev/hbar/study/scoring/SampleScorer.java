package dev.hbar.study.scoring;

import dev.hbar.study.dataset.Sample;
import dev.hbar.study.scores.SampleScore;
import java.util.List;

/** Scores samples with a model. Used by one thread, the one that opened it. */
public interface SampleScorer {
  /**
   * Scores a group of samples, which may be computed together.
   *
   * <p>The result depends on the group only, so that a resumed run repeats it exactly. A sample
   * that cannot be scored gives a {@link SampleScore.Failed}; if the group as a whole throws, the
   * runner tries its samples one by one.
   *
   * @param group at least one sample
   * @return one score per sample, in the group's order
   */
  List<SampleScore> score(List<Sample> group);
}
