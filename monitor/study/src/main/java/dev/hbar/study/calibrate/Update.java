package dev.hbar.study.calibrate;

import dev.hbar.study.scores.SampleScore.Scored;
import dev.hbar.study.scores.ScoreColumns;
import dev.hbar.study.statistics.Bootstrap;
import dev.hbar.study.statistics.Holm;
import dev.hbar.study.statistics.Interval;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.hipparchus.distribution.continuous.TDistribution;
import org.hipparchus.stat.StatUtils;
import org.hipparchus.stat.inference.KolmogorovSmirnovTest;

/**
 * What labelled samples of a deployment say about older parameters.
 *
 * @param previous the score file of the older parameters, if they say
 * @param oldSamples samples they were calibrated on
 * @param newSamples samples of the deployment
 * @param replaced samples of the older ones that have the id of a new one, and gave way to it
 * @param kept whether the new parameters are fitted on old and new samples, or on new ones only
 * @param drift of every signal
 * @param thresholds the old ones, on the new samples
 * @param verdict in one line
 */
public record Update(
    Optional<ScoreColumns.Origin> previous,
    int oldSamples,
    int newSamples,
    int replaced,
    boolean kept,
    List<Drift> drift,
    List<ThresholdCheck> thresholds,
    String verdict) {
  /** Copies the lists. */
  public Update {
    drift = List.copyOf(drift);
    thresholds = List.copyOf(thresholds);
  }

  /**
   * Judges parameters on new samples, and fits new ones.
   *
   * @param file where the older parameters were read
   * @param keepOld whether the older samples stay in the fit
   * @throws Calibration.UnusableScores if the older parameters hold no samples to compare with
   */
  public static Parameters apply(
      String file,
      Parameters older,
      ScoreColumns fresh,
      boolean keepOld,
      Bootstrap.Settings settings) {
    if (older.scoresBySample().isEmpty()) {
      throw new Calibration.UnusableScores(
          file, "holds no samples to compare with; calibrate again from their scores");
    }
    fresh.requireOfEachLabel(2);
    ScoreColumns before = new ScoreColumns(fresh.origin(), older.scoresBySample(), Map.of());
    ScoreColumns after = fresh.withJoint(older.jointModelWeights());
    List<Drift> drift = Drift.of(before, after);
    List<ThresholdCheck> checks =
        List.of(
            ThresholdCheck.of(after, older.hbarFlag(), older.bestPrecisionHbar()),
            ThresholdCheck.of(after, older.priFlag(), older.bestPrecisionPri()),
            ThresholdCheck.of(after, older.jointFlag(), older.bestPrecisionJoint()));
    Map<String, Scored> rows = new LinkedHashMap<>();
    if (keepOld) {
      older.scoresBySample().forEach(row -> rows.put(row.id(), common(row, fresh, before)));
    }
    int shared = (int) fresh.ids().stream().filter(rows::containsKey).count();
    fresh.rows().forEach(row -> rows.put(row.id(), common(row, fresh, before)));
    ScoreColumns fitted =
        new ScoreColumns(fresh.origin(), List.copyOf(rows.values()), fresh.failures());
    Update update =
        new Update(
            older.calibratedOn(),
            before.size(),
            fresh.size(),
            shared,
            keepOld,
            drift,
            checks,
            verdict(drift, checks));
    return Calibration.of(fitted, older.rule(), settings).updated(update);
  }

  /** Without signals that only the other side has. */
  private static Scored common(Scored row, ScoreColumns fresh, ScoreColumns before) {
    Set<String> known = fresh.names();
    Set<String> older = before.names();
    Map<String, Double> signals = new LinkedHashMap<>(row.values());
    signals.keySet().removeIf(name -> !known.contains(name) || !older.contains(name));
    return new Scored(row.id(), row.grade(), signals);
  }

  private static String verdict(List<Drift> drift, List<ThresholdCheck> checks) {
    List<String> moved = drift.stream().filter(Drift::isDrift).map(Drift::signal).toList();
    List<String> failed =
        checks.stream().filter(check -> !check.holds()).map(ThresholdCheck::signal).toList();
    String values = moved.isEmpty() ? "no drift is seen" : "drift in " + String.join(", ", moved);
    String thresholds =
        failed.isEmpty()
            ? "the old thresholds still hold"
            : "the old thresholds no longer hold for " + String.join(", ", failed);
    return values + "; " + thresholds;
  }

  /**
   * How a signal's values moved from the calibration samples to new ones. The labels are left out
   * of it: a changed share of hallucinations is drift, too.
   *
   * @param signal its name
   * @param oldMean over the calibration samples
   * @param newMean over the new samples
   * @param shift new mean minus old mean
   * @param interval of the shift, 95 %, Welch
   * @param distance of Kolmogorov and Smirnov: the largest difference of the two distributions
   * @param p of the Kolmogorov-Smirnov test
   * @param pHolm p after Holm's correction over all signals
   */
  public record Drift(
      String signal,
      double oldMean,
      double newMean,
      double shift,
      Interval interval,
      double distance,
      double p,
      double pHolm) {
    private static final double LEVEL = 0.05;

    /** Counting all ways in which samples can lie costs their product. */
    private static final long EXACT_BELOW = 10_000;

    /** Whether the two distributions differ, after the correction. */
    public boolean isDrift() {
      return pHolm < LEVEL;
    }

    /** The drift of every signal that both have. */
    static List<Drift> of(ScoreColumns old, ScoreColumns fresh) {
      List<String> names = fresh.names().stream().filter(old.names()::contains).toList();
      KolmogorovSmirnovTest test = new KolmogorovSmirnovTest();
      double[] p =
          names.stream()
              .mapToDouble(name -> probability(test, old.column(name), fresh.column(name)))
              .toArray();
      double[] corrected = Holm.correct(p);
      List<Drift> drifts = new ArrayList<>();
      for (int i = 0; i < names.size(); i++) {
        double[] before = old.column(names.get(i));
        double[] after = fresh.column(names.get(i));
        double distance = test.kolmogorovSmirnovStatistic(before, after);
        drifts.add(of(names.get(i), before, after, distance, p[i], corrected[i]));
      }
      return drifts;
    }

    /**
     * Of the distance itself, as SciPy has it: the library's own test parts equal values at random
     * first, so that two equal samples of equal values would seem to differ.
     */
    private static double probability(KolmogorovSmirnovTest test, double[] before, double[] after) {
      double distance = test.kolmogorovSmirnovStatistic(before, after);
      return (long) before.length * after.length < EXACT_BELOW
          ? test.exactP(distance, before.length, after.length, false)
          : test.approximateP(distance, before.length, after.length);
    }

    private static Drift of(
        String name, double[] before, double[] after, double distance, double p, double pHolm) {
      double oldMean = StatUtils.mean(before);
      double newMean = StatUtils.mean(after);
      double shift = newMean - oldMean;
      double half = halfWidth(before, after);
      return new Drift(
          name,
          oldMean,
          newMean,
          shift,
          new Interval(shift - half, shift + half),
          distance,
          p,
          pHolm);
    }

    /** Welch: unequal variances, degrees of freedom after Satterthwaite. */
    private static double halfWidth(double[] before, double[] after) {
      double a = StatUtils.variance(before) / before.length;
      double b = StatUtils.variance(after) / after.length;
      if (a + b == 0) {
        return 0;
      }
      double freedom =
          (a + b) * (a + b) / (a * a / (before.length - 1) + b * b / (after.length - 1));
      return new TDistribution(freedom).inverseCumulativeProbability(1 - LEVEL / 2)
          * Math.sqrt(a + b);
    }
  }

  /**
   * Whether an old threshold still does what it was chosen for.
   *
   * @param signal what it is on
   * @param tau the old threshold
   * @param promisedPrecision its precision on the calibration samples
   * @param precision on the new samples, with its 95 % Wilson interval
   * @param recall on the new samples, with its 95 % Wilson interval
   * @param holds unless the interval of the recall lies below 0.9, or that of the precision below
   *     what was promised
   */
  public record ThresholdCheck(
      String signal,
      double tau,
      double promisedPrecision,
      Share precision,
      Share recall,
      boolean holds) {
    /**
     * A share of a number of samples.
     *
     * @param value the share; 0 of no samples
     * @param interval 95 %, Wilson; all of [0, 1] for no samples
     */
    public record Share(double value, Interval interval) {
      static Share of(int hits, int all) {
        if (all == 0) {
          return new Share(0, new Interval(0, 1));
        }
        double value = hits / (double) all;
        return new Share(value, Interval.wilson(all, value));
      }
    }

    /** What holds or fails, in words. */
    public String words() {
      if (holds) {
        return "still holds";
      }
      return recall.interval().high() < FlagRule.LEAST_RECALL
          ? "misses more than it may"
          : "flags more wrongly than it did";
    }

    static ThresholdCheck of(ScoreColumns fresh, FlagRule flag, double promisedPrecision) {
      int[][] matrix = FlagRule.Performance.of(fresh, flag).confusionMatrix();
      Share precision = Share.of(matrix[1][1], matrix[1][1] + matrix[0][1]);
      Share recall = Share.of(matrix[1][1], matrix[1][1] + matrix[1][0]);
      boolean holds =
          recall.interval().high() >= FlagRule.LEAST_RECALL
              && precision.interval().high() >= promisedPrecision;
      return new ThresholdCheck(
          flag.signal(), flag.tau(), promisedPrecision, precision, recall, holds);
    }
  }
}
