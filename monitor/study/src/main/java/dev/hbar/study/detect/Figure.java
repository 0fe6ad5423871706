package dev.hbar.study.detect;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.hbar.study.statistics.Placements;
import dev.hbar.study.statistics.RecordVariance;
import java.util.HashMap;
import java.util.List;
import java.util.ArrayList;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * How well one score tells hallucinated answers from right ones.
 *
 * @param name of the score
 * @param auroc probability that a hallucinated answer scores higher, ties half
 * @param low of its 95 % interval, records taken together (Obuchowski 1997), cut to [0, 1]
 * @param high of that interval
 * @param pairAccuracy share of a record's pairs whose hallucinated answer scores higher, ties half;
 *     NaN without such pairs
 */
@JsonPropertyOrder({"name", "auroc", "low", "high", "pair_accuracy"})
public record Figure(String name, double auroc, double low, double high, double pairAccuracy) {
  private static final double Z = 1.959963984540054;

  /** The figure of a score on some samples. */
  static Figure of(String name, double[] scores, Sides sides) {
    Placements placements = sides.placements(scores);
    double auroc = placements.auroc();
    double half = Z * Math.sqrt(Math.max(0, sides.records().of(placements)));
    return new Figure(
        name,
        auroc,
        Math.max(0, auroc - half),
        Math.min(1, auroc + half),
        sides.pairAccuracy(scores));
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

    private double[] pick(double[] values, int label) {
      return IntStream.range(0, rows.length)
          .filter(i -> labels[i] == label)
          .mapToDouble(i -> values[rows[i]])
          .toArray();
    }

    Placements placements(double[] scores) {
      return Placements.of(pick(scores, 1), pick(scores, 0));
    }

    RecordVariance records() {
      return RecordVariance.of(recordOf, labels);
    }

    int recordCount() {
      return (int) IntStream.of(recordOf).distinct().count();
    }

    double pairAccuracy(double[] scores) {
      Map<Integer, List<Integer>> records = new HashMap<>();
      for (int i = 0; i < rows.length; i++) {
        records.computeIfAbsent(recordOf[i], r -> new ArrayList<>()).add(i);
      }
      double won = 0;
      int pairs = 0;
      for (List<Integer> record : records.values()) {
        for (int i : record) {
          for (int k : record) {
            if (labels[i] == 1 && labels[k] == 0) {
              pairs++;
              won += (1 + Math.signum(scores[rows[i]] - scores[rows[k]])) / 2;
            }
          }
        }
      }
      return pairs == 0 ? Double.NaN : won / pairs;
    }
  }
}
