package dev.hbar.study.evidence;

import dev.hbar.monitor.signal.Signal;
import dev.hbar.study.scores.SampleScore.Scored;
import dev.hbar.study.scores.ScoreFile;
import dev.hbar.study.statistics.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.hipparchus.stat.StatUtils;

/**
 * Measured signals by token index, from the token rows of a score file.
 *
 * @param samples those with token rows
 */
public record Trajectories(List<Scored> samples) {
  /** Fewer samples at a token index say nothing about their mean. */
  private static final int LEAST = 5;

  private static final double Z95 = 1.96;

  /**
   * The samples of one label at one token index.
   *
   * @param index of the generated token, from 0
   * @param samples that have such a token
   * @param mean of the signal
   * @param interval of the mean, 95 %, normal; cut at 0, below which no signal of a token lies
   */
  public record Point(int index, int samples, double mean, Interval interval) {}

  /** Of a score file; empty if it was made without {@code --per-token}. */
  public static Optional<Trajectories> of(ScoreFile file) {
    List<Scored> samples = new ArrayList<>();
    file.scores()
        .forEach(
            score -> {
              if (score instanceof Scored scored && !scored.tokens().isEmpty()) {
                samples.add(scored);
              }
            });
    return samples.isEmpty() ? Optional.empty() : Optional.of(new Trajectories(samples));
  }

  /** The mean of a signal by token index, while at least five samples go on. */
  public List<Point> mean(int label, Signal signal) {
    List<Point> points = new ArrayList<>();
    for (int index = 0; ; index++) {
      int at = index;
      double[] values =
          samples.stream()
              .filter(sample -> sample.label() == label && sample.tokens().size() > at)
              .mapToDouble(sample -> sample.tokens().get(at).get(signal))
              .toArray();
      if (values.length < LEAST) {
        return points;
      }
      double mean = StatUtils.mean(values);
      double reach = Z95 * Math.sqrt(StatUtils.variance(values) / values.length);
      Interval interval = new Interval(Math.max(0, mean - reach), mean + reach);
      points.add(new Point(index, values.length, mean, interval));
    }
  }
}
