package dev.hbar.study.statistics;

import java.util.ArrayList;
import java.util.List;

/**
 * Calibration of predicted probabilities: how close they are to observed shares.
 *
 * @param ece expected calibration error: the mean over samples of |mean probability - share| of
 *     their bin
 * @param brier mean squared difference of probability and label
 * @param bins those of equal width that hold a sample, ascending
 */
public record Reliability(double ece, double brier, List<Bin> bins) {
  private static final int BINS = 10;

  /**
   * Samples of similar probability.
   *
   * @param low lower bound, inside
   * @param high upper bound, outside but for 1
   * @param count samples
   * @param meanProbability mean predicted probability
   * @param hallucinated observed share of hallucinated answers
   */
  public record Bin(
      double low, double high, int count, double meanProbability, double hallucinated) {
    /** The 95 % interval of the share, Wilson. */
    public Interval interval() {
      return Interval.wilson(count, hallucinated);
    }
  }

  /** Copies the list. */
  public Reliability {
    bins = List.copyOf(bins);
  }

  /**
   * The reliability of probabilities.
   *
   * @param probability in [0, 1], at least one
   * @param labels 0 or 1
   */
  public static Reliability of(double[] probability, int[] labels) {
    int[] count = new int[BINS];
    double[] said = new double[BINS];
    int[] were = new int[BINS];
    double squares = 0;
    for (int i = 0; i < labels.length; i++) {
      int bin = Math.min(BINS - 1, (int) (probability[i] * BINS));
      count[bin]++;
      said[bin] += probability[i];
      were[bin] += labels[i];
      squares += (probability[i] - labels[i]) * (probability[i] - labels[i]);
    }
    List<Bin> bins = new ArrayList<>();
    double ece = 0;
    for (int b = 0; b < BINS; b++) {
      if (count[b] > 0) {
        bins.add(
            new Bin(
                b / (double) BINS,
                (b + 1) / (double) BINS,
                count[b],
                said[b] / count[b],
                were[b] / (double) count[b]));
        ece += Math.abs(said[b] - were[b]) / labels.length;
      }
    }
    return new Reliability(ece, squares / labels.length, bins);
  }
}
