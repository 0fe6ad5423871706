package dev.hbar.study.detect;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.hbar.study.statistics.Estimate;
import dev.hbar.study.statistics.Interval;
import dev.hbar.study.statistics.PairAccuracy;
import dev.hbar.study.statistics.Strata;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * How well one score tells hallucinated answers from right ones.
 *
 * @param name of the score
 * @param auroc probability that a hallucinated answer scores higher, ties half
 * @param low of its 95 % interval, records taken together (Obuchowski 1997, Student's t)
 * @param high of that interval
 * @param pairAccuracy share of a record's pairs whose hallucinated answer scores higher, ties half;
 *     NaN without such pairs
 */
@JsonPropertyOrder({"name", "auroc", "low", "high", "pair_accuracy"})
public record Figure(String name, double auroc, double low, double high, double pairAccuracy) {
  /** The figure of a score on some samples. */
  static Figure of(String name, double[] scores, Sides sides) {
    Strata strata = sides.strata();
    Estimate auroc = strata.auroc(strata.placements(sides.pick(scores)));
    Interval interval =
        auroc.interval().orElseGet(() -> new Interval(auroc.value(), auroc.value()));
    return new Figure(
        name, auroc.value(), interval.low(), interval.high(), sides.pairAccuracy(scores));
  }

  /**
   * Some samples by their labels.
   *
   * @param rows the samples
   * @param labels of the samples in {@code rows}
   * @param recordOf record of the samples in {@code rows}, from 0
   */
  record Sides(int[] rows, int[] labels, int[] recordOf) {
    static Sides of(int[] rows, int[] labels, int[] recordOf) {
      Map<Integer, Integer> numbers = new HashMap<>();
      int[] records =
          IntStream.of(rows)
              .map(row -> numbers.computeIfAbsent(recordOf[row], r -> numbers.size()))
              .toArray();
      int[] own = IntStream.of(rows).map(row -> labels[row]).toArray();
      return new Sides(rows, own, records);
    }

    /** The values of these samples. */
    double[] pick(double[] values) {
      return IntStream.of(rows).mapToDouble(row -> values[row]).toArray();
    }

    /** All of one task: a single stratum. */
    Strata strata() {
      return new Strata(new int[rows.length], recordOf, labels);
    }

    double auroc(double[] scores) {
      return strata().auroc(strata().placements(pick(scores))).value();
    }

    int recordCount() {
      return (int) IntStream.of(recordOf).distinct().count();
    }

    double pairAccuracy(double[] scores) {
      PairAccuracy pairs = PairAccuracy.of(pick(scores), labels, recordOf);
      return pairs.records() == 0 ? Double.NaN : pairs.value();
    }
  }
}
