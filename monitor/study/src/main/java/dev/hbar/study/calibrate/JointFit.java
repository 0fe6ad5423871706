package dev.hbar.study.calibrate;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.hbar.monitor.risk.RiskRule;
import dev.hbar.study.statistics.Folds;
import dev.hbar.study.statistics.Lbfgs;
import dev.hbar.study.statistics.LogisticLoss;
import dev.hbar.study.statistics.Moments;
import dev.hbar.study.statistics.Ranking;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Logistic regression on (hbar_s, PRI) with its penalty chosen by cross-validation, as
 * scikit-learn's {@code LogisticRegressionCV} does it: ten C from 1e-4 to 1e4, each fit starting
 * from the one before, stratified five folds (seed 42), the C with the best mean AUROC (the first
 * of equals), then a fit on all samples starting from the folds' mean.
 *
 * @param model the weights
 * @param c inverse strength of the penalty that was chosen
 * @param cs the candidates, ascending
 * @param rule by which the candidate was chosen
 * @param held mean of the rule's figure for each candidate over the folds
 */
public record JointFit(RiskRule.JointModel model, double c, double[] cs, Rule rule, double[] held) {
  /** How a penalty is chosen. */
  public enum Rule {
    /**
     * The largest AUROC, as scikit-learn's {@code LogisticRegressionCV} was asked to by the study.
     */
    AUROC,
    /** The least log-loss, see {@link LogLossFit}. */
    LOG_LOSS;

    /** The name in JSON. */
    @JsonValue
    public String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Folds; each label needs as many samples. */
  public static final int FOLDS = 5;

  private static final int SEED = 42;
  private static final int CANDIDATES = 10;
  private static final double GRADIENT_TOLERANCE = 1e-4;

  /**
   * Fits.
   *
   * @param hbar one finite value per sample
   * @param pri one finite value per sample
   * @param labels 0 or 1, at least {@value #FOLDS} of each
   */
  public static JointFit of(double[] hbar, double[] pri, int[] labels) {
    double[][] rows = rows(hbar, pri);
    Folds folds = Folds.stratified(labels, FOLDS, SEED);
    double[] cs = candidates();
    double[] scores = new double[CANDIDATES];
    double[][] means = new double[CANDIDATES][3];
    for (int fold = 0; fold < FOLDS; fold++) {
      int[] train = folds.train(fold);
      int[] test = folds.test(fold);
      double[][] path = path(pick(rows, train), pick(labels, train), cs);
      for (int i = 0; i < CANDIDATES; i++) {
        scores[i] += auroc(path[i], pick(rows, test), pick(labels, test));
        for (int k = 0; k < 3; k++) {
          means[i][k] += path[i][k] / FOLDS;
        }
      }
    }
    int best = 0;
    for (int i = 1; i < CANDIDATES; i++) {
      best = scores[i] > scores[best] ? i : best;
    }
    double[] w = fit(rows, labels, cs[best], means[best]);
    return new JointFit(
        new RiskRule.JointModel(w[0], w[1], w[2]),
        cs[best],
        cs,
        Rule.AUROC,
        Arrays.stream(scores).map(sum -> sum / FOLDS).toArray());
  }

  /**
   * Fits so that the probability can be read as one.
   *
   * @param hbar one finite value per sample
   * @param pri one finite value per sample
   * @param labels 0 or 1, at least {@value #FOLDS} of each
   * @param recordOf number of each sample's record; records stay in one fold
   */
  static JointFit calibrated(double[] hbar, double[] pri, int[] labels, int[] recordOf) {
    return new LogLossFit(
            rows(hbar, pri),
            labels,
            Folds.balancedByRecord(recordOf, labels, FOLDS, SEED),
            candidates())
        .fit();
  }

  private static double[][] rows(double[] hbar, double[] pri) {
    return IntStream.range(0, hbar.length)
        .mapToObj(i -> new double[] {hbar[i], pri[i]})
        .toArray(double[][]::new);
  }

  /** numpy.logspace(-4, 4, 10). */
  private static double[] candidates() {
    return IntStream.range(0, CANDIDATES)
        .mapToDouble(i -> Math.pow(10, i * (8.0 / (CANDIDATES - 1)) - 4))
        .toArray();
  }

  private static double[][] path(double[][] rows, int[] labels, double[] cs) {
    double[][] path = new double[cs.length][];
    double[] start = new double[3];
    for (int i = 0; i < cs.length; i++) {
      start = fit(rows, labels, cs[i], start);
      path[i] = start;
    }
    return path;
  }

  private static double[] fit(double[][] rows, int[] labels, double c, double[] start) {
    LogisticLoss loss = new LogisticLoss(rows, labels, 1 / (c * labels.length));
    return Lbfgs.minimize(loss, start, GRADIENT_TOLERANCE);
  }

  private static double auroc(double[] weights, double[][] rows, int[] labels) {
    double[] decisions =
        Arrays.stream(rows).mapToDouble(row -> LogisticLoss.linear(weights, row)).toArray();
    return new Ranking(decisions, labels).counts().auroc();
  }

  private static double[][] pick(double[][] rows, int[] indices) {
    return Arrays.stream(indices).mapToObj(i -> rows[i]).toArray(double[][]::new);
  }

  private static int[] pick(int[] labels, int[] indices) {
    return Arrays.stream(indices).map(i -> labels[i]).toArray();
  }

  /**
   * A joint model whose probability can be read as one: signals standardized inside each fold, the
   * penalty with the least log-loss on held-out records, then Platt's line through the held-out
   * decisions of that penalty. AUROC, by which the study chooses, cannot see scale: it is as happy
   * with probabilities that all lie between 0.4998 and 0.5000.
   */
  static final class LogLossFit {
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
              new LogisticLoss(standardized, mine, 1 / (c * mine.length)),
              new double[3],
              TOLERANCE);
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
     * The decisions through Platt's line. One that falls says that the fit ranks held-out records
     * the wrong way round: then the probability is the share of hallucinations, whatever the
     * signals say.
     */
    private RiskRule.JointModel model(double[] weights, double[] line) {
      if (line[0] <= 0) {
        double share = IntStream.of(labels).sum() / (double) labels.length;
        return new RiskRule.JointModel(0, 0, Math.log(share / (1 - share)));
      }
      return new RiskRule.JointModel(
          line[0] * weights[0], line[0] * weights[1], line[0] * weights[2] + line[1]);
    }

    private static double[][] column(double[] values) {
      return Arrays.stream(values).mapToObj(value -> new double[] {value}).toArray(double[][]::new);
    }

    private static double[] identity() {
      return new double[] {1, 0};
    }
  }
}
