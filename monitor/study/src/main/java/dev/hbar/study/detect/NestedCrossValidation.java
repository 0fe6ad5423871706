package dev.hbar.study.detect;

import dev.hbar.study.StudyException;
import dev.hbar.study.statistics.Folds;
import dev.hbar.study.statistics.Placements;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Chooses and fits a detector on some samples, and tests the whole procedure on held-out ones: the
 * choice is made by inner folds of the training samples, so the outer fold decides nothing. Points
 * are tried on all cores; what is chosen does not depend on how many there are.
 *
 * @param kind how to fit
 * @param features to choose from
 * @param recordOf record of every sample
 * @param folds outer folds
 * @param seed of both kinds of folds
 */
record NestedCrossValidation(
    DetectorKind kind, DetectionData.Features features, int[] recordOf, int folds, long seed) {
  static final int INNER_FOLDS = 3;

  /** A detector and how it came about. */
  record Fitted(DetectorReport.Choice choice, Scorer scorer) {
    double score(DetectionData.Features features, int row) {
      return scorer.score(features.byName().get(choice.point())[row]);
    }
  }

  /**
   * What held-out samples got.
   *
   * @param scores for every sample that took part by its row, NaN for others
   */
  record HeldOut(double[] scores, List<DetectorReport.Choice> choices) {}

  /**
   * Chooses point and strength, then fits on all of these samples.
   *
   * @throws StudyException if they have one label only, as those outside a fold may
   */
  Fitted fit(int[] labels, int[] rows) {
    if (hasOneLabel(labels, rows)) {
      throw new StudyException(
          "without a fold of them, all answers have one label; label more of the rarer kind, or give another --seed");
    }
    DetectorReport.Choice choice = choose(labels, rows);
    double[] strengths = kind.strengths();
    List<? extends Scorer> fits = kind.fit(features.byName().get(choice.point()), labels, rows);
    for (int i = 0; i < strengths.length; i++) {
      if (strengths[i] == choice.strength()) {
        return new Fitted(choice, fits.get(i));
      }
    }
    throw new IllegalStateException("the choice is one of the kind's strengths");
  }

  /** Scores every sample by a detector that was chosen and fitted without its record. */
  HeldOut heldOut(int[] labels, int[] rows) {
    double[] scores = new double[labels.length];
    Arrays.fill(scores, Double.NaN);
    List<DetectorReport.Choice> choices = new ArrayList<>();
    Folds outer = Folds.byRecord(recordOf, rows, folds, seed);
    for (int fold = 0; fold < folds; fold++) {
      Fitted fitted = fit(labels, outer.train(fold));
      choices.add(fitted.choice());
      for (int row : outer.test(fold)) {
        scores[row] = fitted.score(features, row);
      }
    }
    return new HeldOut(scores, choices);
  }

  private DetectorReport.Choice choose(int[] labels, int[] rows) {
    double[] strengths = kind.strengths();
    if (features.byName().size() == 1 && strengths.length == 1) {
      return new DetectorReport.Choice(
          features.byName().keySet().iterator().next(), strengths[0], Double.NaN);
    }
    Folds inner = Folds.byRecord(recordOf, rows, INNER_FOLDS, seed + 1);
    return features.byName().entrySet().parallelStream()
        .map(entry -> best(entry.getKey(), entry.getValue(), labels, inner))
        .reduce((first, next) -> next.auroc() > first.auroc() ? next : first)
        .orElseThrow();
  }

  /** The strength that ranks best by the inner folds. */
  private DetectorReport.Choice best(String point, float[][] x, int[] labels, Folds inner) {
    double[] strengths = kind.strengths();
    double[] sums = new double[strengths.length];
    int told = 0;
    for (int fold = 0; fold < INNER_FOLDS; fold++) {
      // A fold of one label prefers no strength and no point.
      if (!hasOneLabel(labels, inner.test(fold)) && !hasOneLabel(labels, inner.train(fold))) {
        addAurocs(sums, x, labels, inner, fold);
        told++;
      }
    }
    int best = 0;
    for (int i = 1; i < sums.length; i++) {
      best = sums[i] > sums[best] ? i : best;
    }
    return new DetectorReport.Choice(point, strengths[best], told == 0 ? 0.5 : sums[best] / told);
  }

  private void addAurocs(double[] sums, float[][] x, int[] labels, Folds inner, int fold) {
    List<? extends Scorer> fits = kind.fit(x, labels, inner.train(fold));
    int[] test = inner.test(fold);
    for (int i = 0; i < sums.length; i++) {
      Scorer scorer = fits.get(i);
      double[] scores = Arrays.stream(test).mapToDouble(row -> scorer.score(x[row])).toArray();
      int[] y = Arrays.stream(test).map(row -> labels[row]).toArray();
      sums[i] += Placements.of(pick(scores, y, 1), pick(scores, y, 0)).auroc();
    }
  }

  private static boolean hasOneLabel(int[] labels, int[] rows) {
    return Arrays.stream(rows).map(row -> labels[row]).distinct().count() < 2;
  }

  private static double[] pick(double[] scores, int[] labels, int label) {
    return IntStream.range(0, scores.length)
        .filter(i -> labels[i] == label)
        .mapToDouble(i -> scores[i])
        .toArray();
  }
}
