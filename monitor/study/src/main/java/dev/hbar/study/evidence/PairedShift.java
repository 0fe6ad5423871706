package dev.hbar.study.evidence;

import dev.hbar.study.scores.ScoreColumns;
import dev.hbar.study.statistics.Interval;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.hipparchus.distribution.continuous.TDistribution;
import org.hipparchus.stat.StatUtils;
import org.hipparchus.stat.correlation.SpearmansCorrelation;

/**
 * How a signal of the same samples differs between two models.
 *
 * @param signal its name
 * @param samples that both models scored
 * @param meanShift mean of (second - first), in units of the signal
 * @param interval of the mean shift, 95 %, Student's t
 * @param shiftInSd mean shift in standard deviations of the first model's values; NaN if those do
 *     not vary
 * @param spearman rank correlation between the two models; NaN if one of them does not vary
 */
public record PairedShift(
    String signal,
    int samples,
    double meanShift,
    Interval interval,
    double shiftInSd,
    double spearman) {
  private static final double TAIL = 0.975;
  private static final int LEAST = 3;

  /** The shifts of every signal that both have; empty if they share fewer than three samples. */
  public static List<PairedShift> between(ScoreColumns first, ScoreColumns second) {
    Map<String, Integer> places = new HashMap<>();
    for (int i = 0; i < second.size(); i++) {
      places.put(second.ids().get(i), i);
    }
    int[] mine =
        IntStream.range(0, first.size())
            .filter(i -> places.containsKey(first.ids().get(i)))
            .toArray();
    int[] theirs = Arrays.stream(mine).map(i -> places.get(first.ids().get(i))).toArray();
    List<PairedShift> shifts = new ArrayList<>();
    for (String name : first.names()) {
      if (mine.length >= LEAST && second.names().contains(name)) {
        shifts.add(of(name, picked(first, name, mine), picked(second, name, theirs)));
      }
    }
    return shifts;
  }

  private static double[] picked(ScoreColumns columns, String name, int[] rows) {
    double[] column = columns.column(name);
    return Arrays.stream(rows).mapToDouble(i -> column[i]).toArray();
  }

  private static PairedShift of(String name, double[] first, double[] second) {
    int n = first.length;
    double[] differences = new double[n];
    Arrays.setAll(differences, i -> second[i] - first[i]);
    double mean = StatUtils.mean(differences);
    double error = Math.sqrt(StatUtils.variance(differences) / n);
    double reach = new TDistribution(n - 1.0).inverseCumulativeProbability(TAIL) * error;
    return new PairedShift(
        name,
        n,
        mean,
        new Interval(mean - reach, mean + reach),
        mean / Math.sqrt(StatUtils.variance(first)),
        new SpearmansCorrelation().correlation(first, second));
  }
}
