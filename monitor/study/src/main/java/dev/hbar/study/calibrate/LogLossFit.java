package dev.hbar.study.calibrate;

import dev.hbar.monitor.risk.JointModel;
import dev.hbar.study.statistics.Folds;
import dev.hbar.study.statistics.Lbfgs;
import dev.hbar.study.statistics.LogisticLoss;
import dev.hbar.study.statistics.Moments;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A joint model whose probability can be read as one: signals standardized inside each fold, the
 * penalty with the least log-loss on held-out records, then Platt's line through the held-out
 * decisions of that penalty. AUROC, by which the study chooses, cannot see scale: it is as happy
 * with probabilities that all lie between 0.4998 and 0.5000.
 */
final class LogLossFit {
  // Of the gradient of a mean loss; the minimum is wanted here, not where SciPy stops.
  private static final double TOLERANCE = 1e-9;
  // Platt's line has no penalty to speak of, but separated labels must not send it to infinity.
  private static final double LINE_PENALTY = 1e-4;

  private final double[][] rows;
  private final int[] labels;
  private final Folds folds;
  private final double[] cs;
  private final double[][] decisions;
  private final double[] losses;

  /**
   * A fit.
   *
   * @param rows hbar_s and PRI of every sample
   * @param folds of the samples
   * @param cs inverse penalties, ascending
   */
  LogLossFit(double[][] rows, int[] labels, Folds folds, double[] cs) {
    this.rows = rows;
    this.labels = labels;
    this.folds = folds;
    this.cs = cs;
    this.decisions = new double[cs.length][labels.length];
    this.losses = new double[cs.length];
  }

  /** The model with the mean held-out log-loss of every penalty. */
  JointFit fit() {
    for (int fold = 0; fold < folds.count(); fold++) {
      holdOut(fold);
    }
    int best = 0;
    for (int i = 0; i < cs.length; i++) {
      losses[i] =
          new LogisticLoss(column(decisions[i]), labels, 0).evaluate(identity(), new double[2]);
      best = losses[i] < losses[best] ? i : best;
    }
    double[] line =
        Lbfgs.minimize(
            new LogisticLoss(column(decisions[best]), labels, LINE_PENALTY / labels.length),
            identity(),
            TOLERANCE);
    int[] all = IntStream.range(0, labels.length).toArray();
    return new JointFit(
        model(weights(all, cs[best]), line), cs[best], cs, JointFit.Rule.LOG_LOSS, losses);
  }

  private void holdOut(int fold) {
    int[] train = folds.train(fold);
    for (int i = 0; i < cs.length; i++) {
      double[] weights = weights(train, cs[i]);
      for (int sample : folds.test(fold)) {
        decisions[i][sample] = LogisticLoss.linear(weights, rows[sample]);
      }
    }
  }

  /** Weights in units of the signals, of a fit on these samples standardized. */
  private double[] weights(int[] samples, double c) {
    Moments[] moments = new Moments[2];
    for (int k = 0; k < 2; k++) {
      int signal = k;
      moments[k] = Moments.of(IntStream.of(samples).mapToDouble(i -> rows[i][signal]).toArray());
    }
    double[][] standardized =
        IntStream.of(samples)
            .mapToObj(
                i ->
                    new double[] {
                      (rows[i][0] - moments[0].mean()) / scale(moments[0]),
                      (rows[i][1] - moments[1].mean()) / scale(moments[1])
                    })
            .toArray(double[][]::new);
    int[] mine = IntStream.of(samples).map(i -> labels[i]).toArray();
    double[] w =
        Lbfgs.minimize(
            new LogisticLoss(standardized, mine, 1 / (c * mine.length)), new double[3], TOLERANCE);
    double first = w[0] / scale(moments[0]);
    double second = w[1] / scale(moments[1]);
    return new double[] {
      first, second, w[2] - first * moments[0].mean() - second * moments[1].mean()
    };
  }

  private static double scale(Moments moments) {
    return moments.sd() > 0 ? moments.sd() : 1;
  }

  /**
   * The decisions through Platt's line. One that falls says that the fit ranks held-out records the
   * wrong way round: then the probability is the share of hallucinations, whatever the signals say.
   */
  private JointModel model(double[] weights, double[] line) {
    if (line[0] <= 0) {
      double share = IntStream.of(labels).sum() / (double) labels.length;
      return new JointModel(0, 0, Math.log(share / (1 - share)));
    }
    return new JointModel(
        line[0] * weights[0], line[0] * weights[1], line[0] * weights[2] + line[1]);
  }

  private static double[][] column(double[] values) {
    return Arrays.stream(values).mapToObj(value -> new double[] {value}).toArray(double[][]::new);
  }

  private static double[] identity() {
    return new double[] {1, 0};
  }
}
