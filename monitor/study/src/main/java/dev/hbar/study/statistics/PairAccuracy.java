package dev.hbar.study.statistics;

import java.util.Arrays;
import java.util.Optional;

/**
 * How often the hallucinated answer of a record scores riskier than its right one: the question
 * "which of these two", which the record's context cannot blur.
 *
 * @param records that have both labels
 * @param value share of their pairs ranked rightly, ties half, each record counting once
 * @param interval 95 %, Wilson; empty without such a record
 */
public record PairAccuracy(int records, double value, Optional<Interval> interval) {
  /** Of scores that are higher for positives. */
  public static PairAccuracy of(double[] scores, int[] labels, int[] recordOf) {
    int[][] members = samplesByRecord(recordOf);
    int records = 0;
    double sum = 0;
    for (int[] samples : members) {
      double pairs = 0;
      double wins = 0;
      for (int i : samples) {
        for (int j : samples) {
          if (labels[i] == 1 && labels[j] == 0) {
            pairs++;
            wins += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
          }
        }
      }
      records += pairs > 0 ? 1 : 0;
      sum += pairs > 0 ? wins / pairs : 0;
    }
    if (records == 0) {
      return new PairAccuracy(0, 0, Optional.empty());
    }
    double value = sum / records;
    return new PairAccuracy(records, value, Optional.of(Interval.wilson(records, value)));
  }

  /**
   * The samples of every record, ascending; a number without samples has an empty row.
   *
   * @param recordOf number of every sample's record, from 0
   */
  static int[][] samplesByRecord(int[] recordOf) {
    int[] sizes = new int[1 + Arrays.stream(recordOf).max().orElse(-1)];
    for (int record : recordOf) {
      sizes[record]++;
    }
    int[][] samples = new int[sizes.length][];
    Arrays.setAll(samples, r -> new int[sizes[r]]);
    int[] next = new int[sizes.length];
    for (int i = 0; i < recordOf.length; i++) {
      samples[recordOf[i]][next[recordOf[i]]++] = i;
    }
    return samples;
  }
}
