package dev.hbar.study.statistics;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.hipparchus.distribution.discrete.BinomialDistribution;

/**
 * A threshold with a promise about what it keeps: among answers that score below it at most a share
 * {@code mostWrong} is wrong, with this confidence over the draw of the samples (Learn then Test:
 * Angelopoulos and others, 2021; fixed sequence, exact binomial p). It holds for independent
 * samples that nothing was fitted on, and for answers of the same kind.
 *
 * @param mostWrong the promised share of wrong answers among the kept, alpha
 * @param confidence 1 - delta
 * @param threshold keep what scores below it; higher scores are riskier
 * @param kept samples below it
 * @param wrong how many of them are wrong
 * @param samples all
 */
public record Promise(
    double mostWrong, double confidence, double threshold, int kept, int wrong, int samples) {
  /** Thresholds are tried at every twentieth of the samples. */
  private static final int STEPS = 20;

  private static final long SEED = 42;
  private static final int RUNGS = 9;
  private static final double LADDER_CONFIDENCE = 0.9;

  /**
   * The laxest threshold that can be promised: thresholds are tried from strict to lax, at places
   * that do not look at the labels, and the first that fails ends it.
   *
   * @param scores higher = riskier, of independent samples
   * @param labels 1 is wrong
   * @return empty if not even the strictest holds
   */
  public static Optional<Promise> of(
      double[] scores, int[] labels, double mostWrong, double confidence) {
    int[] order =
        IntStream.range(0, scores.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> scores[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    int least = least(mostWrong, confidence);
    Optional<Promise> best = Optional.empty();
    for (int step = 1; step <= STEPS; step++) {
      int last = scores.length * step / STEPS;
      double threshold = last == scores.length ? Double.POSITIVE_INFINITY : scores[order[last]];
      int[] below = Arrays.stream(order).filter(i -> scores[i] < threshold).toArray();
      int wrong = Arrays.stream(below).map(i -> labels[i]).sum();
      if (below.length < least) {
        continue;
      }
      if (!holds(wrong, below.length, mostWrong, confidence)) {
        return best;
      }
      best =
          Optional.of(
              new Promise(mostWrong, confidence, threshold, below.length, wrong, scores.length));
    }
    return best;
  }

  /**
   * What can be promised for shares of wrong answers from 0.05 to 0.45, each by itself with a
   * confidence of 0.9: together they hold less often than each.
   *
   * @return those that can be promised, the strictest first
   */
  public static List<Promise> ladder(double[] scores, int[] labels) {
    return IntStream.rangeClosed(1, RUNGS)
        .mapToObj(rung -> of(scores, labels, rung / (double) STEPS, LADDER_CONFIDENCE))
        .flatMap(Optional::stream)
        .toList();
  }

  /** The share of all samples that is kept. */
  public double coverage() {
    return kept / (double) samples;
  }

  /**
   * One answer of each record, drawn: the two of a record are not independent.
   *
   * @param recordOf record of every answer, from 0
   * @return the answers drawn, in the order of their records
   */
  public static int[] oneOfEachRecord(int[] recordOf) {
    SplittableRandom random = new SplittableRandom(SEED);
    int records = 1 + Arrays.stream(recordOf).max().orElse(-1);
    int[] chosen = new int[records];
    int[] seen = new int[records];
    for (int i = 0; i < recordOf.length; i++) {
      // Reservoir sampling: the k-th answer of a record replaces the choice with probability 1 / k.
      if (random.nextInt(++seen[recordOf[i]]) == 0) {
        chosen[recordOf[i]] = i;
      }
    }
    return chosen;
  }

  /** Fewer kept answers than this are not looked at. */
  static int least(double mostWrong, double confidence) {
    // Without a wrong one so many would be proof; with twice as many a first test can also pass.
    return (int) (2 * Math.ceil(Math.log(1 - confidence) / Math.log(1 - mostWrong)));
  }

  /** Whether so few wrong ones are unlikely enough if the share of wrong answers is the bound. */
  static boolean holds(int wrong, int kept, double mostWrong, double confidence) {
    return new BinomialDistribution(kept, mostWrong).cumulativeProbability(wrong) <= 1 - confidence;
  }
}
