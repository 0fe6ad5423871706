package dev.hbar.study.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.hipparchus.util.CombinatoricsUtils;

/**
 * Samples in strata (the tasks of a dataset), of which each is compared only with samples of its
 * own: a score that just knows the task gains nothing. The AUROC within strata is the mean of the
 * strata's own, weighted by their pairs of a positive and a negative; its variance takes the
 * samples of a record together ({@link Placements.RecordVariance}), and is referred to Student's t
 * with one degree of freedom per record less one per stratum, as few records make the normal too
 * narrow. Immutable.
 */
public final class Strata {
  private final List<Stratum> strata = new ArrayList<>();
  private final int records;

  private record Stratum(
      int[] positives, int[] negatives, Placements.RecordVariance variance, double weight) {
    Placements placements(double[] scores) {
      return Placements.of(pick(scores, positives), pick(scores, negatives));
    }
  }

  /**
   * The layout of samples. Strata that lack a label are left out of every figure.
   *
   * @param stratumOf number of every sample's stratum
   * @param recordOf number of every sample's record; a record lies in one stratum
   * @param labels 0 or 1
   */
  public Strata(int[] stratumOf, int[] recordOf, int[] labels) {
    List<int[]> members = new ArrayList<>();
    double pairs = 0;
    for (int stratum : Arrays.stream(stratumOf).distinct().sorted().toArray()) {
      int[] samples =
          IntStream.range(0, labels.length).filter(i -> stratumOf[i] == stratum).toArray();
      double mine = pairs(samples, labels);
      pairs += mine;
      if (mine > 0) {
        members.add(samples);
      }
    }
    for (int[] samples : members) {
      strata.add(
          new Stratum(
              Arrays.stream(samples).filter(i -> labels[i] == 1).toArray(),
              Arrays.stream(samples).filter(i -> labels[i] == 0).toArray(),
              Placements.RecordVariance.of(numbered(samples, recordOf), pick(labels, samples)),
              pairs(samples, labels) / pairs));
    }
    records = strata.stream().mapToInt(each -> each.variance().records()).sum();
  }

  /** Number of records in strata that have both labels. */
  public int records() {
    return records;
  }

  /** Number of strata that have both labels. */
  public int size() {
    return strata.size();
  }

  /** The placements of a score in every stratum. */
  public List<Placements> placements(double[] scores) {
    return strata.stream().map(stratum -> stratum.placements(scores)).toList();
  }

  /** The AUROC within strata; p is against one half. */
  public Estimate auroc(List<Placements> score) {
    return difference(score, score.stream().map(Placements::chance).toList()).moved(0.5);
  }

  /** The first score's AUROC within strata less the second's; p is against none. */
  public Estimate difference(List<Placements> first, List<Placements> second) {
    double value = 0;
    double variance = 0;
    for (int k = 0; k < strata.size(); k++) {
      Placements difference = first.get(k).minus(second.get(k));
      double weight = strata.get(k).weight();
      value += weight * difference.auroc();
      variance += weight * weight * strata.get(k).variance().of(difference);
    }
    int freedom = records - strata.size();
    // Rounding leaves about 1e-34 where two scores rank alike.
    if (variance > 1e-24 && freedom > 0) {
      return Estimate.of(value, value, Math.sqrt(variance), freedom);
    }
    boolean same = Math.abs(value) < 1e-12;
    return Estimate.without(value, same ? 1 : Math.min(1, 2 * Math.exp(-logOrders())));
  }

  /**
   * Complete separation shows in two of all orders of the labels that could have come: those within
   * records, or of whole records where none has both labels.
   */
  private double logOrders() {
    double within = 0;
    double whole = 0;
    for (Stratum stratum : strata) {
      int[] size = new int[stratum.variance().records()];
      int[] positive = new int[size.length];
      for (int record : stratum.variance().ofPositives()) {
        size[record]++;
        positive[record]++;
      }
      for (int record : stratum.variance().ofNegatives()) {
        size[record]++;
      }
      for (int r = 0; r < size.length; r++) {
        within += CombinatoricsUtils.binomialCoefficientLog(size[r], positive[r]);
      }
      int positives = (int) Arrays.stream(positive).filter(count -> count > 0).count();
      whole += CombinatoricsUtils.binomialCoefficientLog(size.length, positives);
    }
    return within > 0 ? within : whole;
  }

  private static double pairs(int[] samples, int[] labels) {
    double positives = Arrays.stream(samples).filter(i -> labels[i] == 1).count();
    return positives * (samples.length - positives);
  }

  private static int[] numbered(int[] samples, int[] recordOf) {
    Map<Integer, Integer> numbers = new HashMap<>();
    return Arrays.stream(samples)
        .map(i -> numbers.computeIfAbsent(recordOf[i], record -> numbers.size()))
        .toArray();
  }

  private static double[] pick(double[] values, int[] indices) {
    return Arrays.stream(indices).mapToDouble(i -> values[i]).toArray();
  }

  private static int[] pick(int[] values, int[] indices) {
    return Arrays.stream(indices).map(i -> values[i]).toArray();
  }
}
