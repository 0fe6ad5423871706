package dev.hbar.study.statistics;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.hipparchus.stat.correlation.KendallsCorrelation;
import org.hipparchus.stat.correlation.SpearmansCorrelation;

/**
 * How far a score puts answers in the order of their grades, where labels are more than right and
 * hallucinated.
 *
 * @param name of the score
 * @param concordance probability that of two answers of different grades the one with the higher
 *     grade scores higher, ties half; the AUROC where there are two grades
 * @param low of its 95 % interval, records taken together (the delta method, Student's t)
 * @param high of that interval
 * @param p two-sided, that the concordance is one half
 * @param spearman correlation of the ranks, ties with their mean rank; NaN for a constant
 * @param kendall Kendall's tau-b; NaN for a constant
 * @param cuts what the AUROC is if an answer counts as hallucinated from a grade on
 */
@JsonPropertyOrder({"name", "concordance", "low", "high", "p", "spearman", "kendall", "cuts"})
public record GradeAgreement(
    String name,
    double concordance,
    double low,
    double high,
    double p,
    double spearman,
    double kendall,
    List<Cut> cuts) {
  /** More grades than this are cut at quarters only. */
  private static final int FEW = 10;

  private static final double[] QUARTERS = {0.25, 0.5, 0.75};

  /**
   * One cut.
   *
   * @param from grades from here on count as hallucinated
   * @param hallucinated their number
   * @param auroc of the score
   */
  @JsonPropertyOrder({"from", "hallucinated", "auroc"})
  public record Cut(double from, int hallucinated, double auroc) {}

  /** Copies the list. */
  public GradeAgreement {
    cuts = List.copyOf(cuts);
  }

  /** Whether grades say more than right and hallucinated. */
  public static boolean isGraded(double[] grades) {
    return Arrays.stream(grades).anyMatch(grade -> grade > 0 && grade < 1);
  }

  /**
   * Of a score that is higher for riskier answers.
   *
   * @param given the scores
   * @param grades 0 right to 1 hallucinated, at least two different ones
   * @param recordOf number of every sample's record, from 0
   */
  public static GradeAgreement of(String name, double[] given, double[] grades, int[] recordOf) {
    // Zeros of both signs are one score; ranking would tell them apart.
    double[] scores = mapped(given, score -> score + 0.0);
    Estimate concordance = Pairs.of(scores, grades).concordance(recordOf);
    Interval interval =
        concordance
            .interval()
            .orElseGet(() -> new Interval(concordance.value(), concordance.value()));
    return new GradeAgreement(
        name,
        concordance.value(),
        interval.low(),
        interval.high(),
        concordance.p(),
        new SpearmansCorrelation().correlation(scores, grades),
        new KendallsCorrelation().correlation(scores, grades),
        Arrays.stream(cuts(grades)).mapToObj(from -> cut(scores, grades, from)).toList());
  }

  private static double[] mapped(double[] values, DoubleUnaryOperator how) {
    return Arrays.stream(values).map(how).toArray();
  }

  private static double[] cuts(double[] grades) {
    double[] distinct = Arrays.stream(grades).distinct().sorted().toArray();
    double least = distinct[0];
    double largest = distinct[distinct.length - 1];
    return distinct.length > FEW
        ? Arrays.stream(QUARTERS).filter(from -> from > least && from <= largest).toArray()
        : Arrays.copyOfRange(distinct, 1, distinct.length);
  }

  private static Cut cut(double[] scores, double[] grades, double from) {
    int[] labels = Arrays.stream(grades).mapToInt(grade -> grade >= from ? 1 : 0).toArray();
    double auroc = Placements.of(pick(scores, labels, 1), pick(scores, labels, 0)).auroc();
    return new Cut(from, IntStream.of(labels).sum(), auroc);
  }

  private static double[] pick(double[] scores, int[] labels, int label) {
    return IntStream.range(0, scores.length)
        .filter(i -> labels[i] == label)
        .mapToDouble(i -> scores[i])
        .toArray();
  }

  /**
   * For every sample its pairs with samples of another grade.
   *
   * @param right how many of them the score puts in order, ties half
   * @param all how many there are
   */
  private record Pairs(double[] right, double[] all) {
    static Pairs of(double[] scores, double[] grades) {
      Pairs pairs = new Pairs(new double[scores.length], new double[scores.length]);
      pairs.addLower(scores, grades);
      pairs.addLower(mapped(scores, score -> 0 - score), mapped(grades, grade -> 0 - grade));
      return pairs;
    }

    /** Adds the pairs with samples of a lower grade: they are to have lower scores. */
    private void addLower(double[] scores, double[] grades) {
      double[] places = Arrays.stream(scores).distinct().sorted().toArray();
      int[] placeOf =
          Arrays.stream(scores).mapToInt(score -> Arrays.binarySearch(places, score)).toArray();
      int[] order =
          IntStream.range(0, grades.length)
              .boxed()
              .sorted((a, b) -> Double.compare(grades[a], grades[b]))
              .mapToInt(Integer::intValue)
              .toArray();
      int[] tree = new int[places.length + 1];
      int seen = 0;
      for (int at = 0; at < order.length; at++) {
        while (grades[order[seen]] < grades[order[at]]) {
          for (int node = placeOf[order[seen]] + 1; node < tree.length; node += node & -node) {
            tree[node]++;
          }
          seen++;
        }
        int below = below(tree, placeOf[order[at]]);
        int through = below(tree, placeOf[order[at]] + 1);
        right[order[at]] += (below + through) / 2.0;
        all[order[at]] += seen;
      }
    }

    /** How many of the samples in a Fenwick tree lie below a place. */
    private static int below(int[] tree, int place) {
      int sum = 0;
      for (int node = place; node > 0; node -= node & -node) {
        sum += tree[node];
      }
      return sum;
    }

    /** With the answers of a record added up, as they share what was asked. */
    Estimate concordance(int[] recordOf) {
      double pairs = Arrays.stream(all).sum() / 2;
      double value = Arrays.stream(right).sum() / 2 / pairs;
      double[] influence = new double[1 + IntStream.of(recordOf).max().orElse(-1)];
      for (int i = 0; i < right.length; i++) {
        influence[recordOf[i]] += (right[i] - value * all[i]) / pairs;
      }
      int records = influence.length;
      double squares = Arrays.stream(influence).map(one -> one * one).sum();
      double error = Math.sqrt(squares * records / Math.max(1, records - 1));
      return error > 1e-12 && records > 1
          ? Estimate.of(value - 0.5, value - 0.5, error, records - 1).moved(0.5)
          : Estimate.without(value, Math.abs(value - 0.5) < 1e-12 ? 1 : Double.NaN);
    }
  }
}
