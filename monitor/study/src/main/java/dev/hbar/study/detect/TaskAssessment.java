package dev.hbar.study.detect;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.hbar.study.statistics.Bootstrap;
import dev.hbar.study.statistics.Estimate;
import dev.hbar.study.statistics.GradeAgreement;
import dev.hbar.study.statistics.Interval;
import dev.hbar.study.statistics.LikelihoodRatio;
import dev.hbar.study.statistics.Ranking;
import dev.hbar.study.statistics.Strata;
import java.util.List;
import java.util.Objects;

/**
 * A detector and its controls on one task, all of it or the matched pairs.
 *
 * @param task the dataset's name
 * @param subset "all" or "matched"
 * @param samples their number
 * @param records their number
 * @param figures the detector first, then baselines and signals
 * @param against the detector against the surface and against the bag of embeddings
 * @param likelihoodRatio whether the detector adds to both together
 * @param graded how each of the figures goes with the grades; empty if labels are right and
 *     hallucinated only
 * @param verdict see {@link #KNOWS}, {@link #NO_MORE}, {@link #CANNOT_TELL}
 */
@JsonPropertyOrder({
  "task",
  "subset",
  "samples",
  "records",
  "figures",
  "against",
  "likelihood_ratio",
  "graded",
  "verdict"
})
public record TaskAssessment(
    String task,
    String subset,
    int samples,
    int records,
    List<Separation> figures,
    List<Comparison> against,
    LikelihoodRatio likelihoodRatio,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<GradeAgreement> graded,
    String verdict) {
  /**
   * The detector against one baseline on the same samples.
   *
   * @param baseline its name
   * @param difference of the two AUROC
   * @param low of its 95 % percentile interval, records resampled
   * @param high of that interval
   * @param p two-sided, DeLong's test with the answers of a record taken together
   * @param holm p corrected for the number of baselines
   */
  @JsonPropertyOrder({"baseline", "difference", "low", "high", "p", "holm"})
  public record Comparison(
      String baseline, double difference, double low, double high, double p, double holm) {
    static Comparison of(
        String baseline, double[] detector, double[] other, DetectionData.Slice slice, long seed) {
      Bootstrap.Settings settings = new Bootstrap.Settings(1000, seed, 0.95);
      Bootstrap bootstrap =
          Bootstrap.run(
              List.of(
                  new Ranking(slice.pick(detector), slice.labels()),
                  new Ranking(slice.pick(other), slice.labels())),
              Bootstrap.Resamples.byRecord(slice.recordOf(), slice.labels(), seed),
              settings);
      double[] differences = bootstrap.auroc()[0].clone();
      for (int r = 0; r < differences.length; r++) {
        differences[r] -= bootstrap.auroc()[1][r];
      }
      Interval interval = bootstrap.interval(differences);
      Strata strata = slice.strata();
      Estimate difference =
          strata.difference(
              strata.placements(slice.pick(detector)), strata.placements(slice.pick(other)));
      return new Comparison(
          baseline,
          difference.value(),
          interval.low(),
          interval.high(),
          difference.p(),
          difference.p());
    }

    Comparison corrected(double corrected) {
      return new Comparison(baseline, difference, low, high, p, corrected);
    }
  }

  /**
   * How well one score tells hallucinated answers from right ones.
   *
   * @param name of the score
   * @param auroc probability that a hallucinated answer scores higher, ties half
   * @param low of its 95 % interval, records taken together (Obuchowski 1997, Student's t)
   * @param high of that interval
   * @param pairAccuracy share of a record's pairs whose hallucinated answer scores higher, ties
   *     half; NaN without such pairs
   */
  @JsonPropertyOrder({"name", "auroc", "low", "high", "pair_accuracy"})
  public record Separation(
      String name, double auroc, double low, double high, double pairAccuracy) {
    /** The figure of a score on some samples. */
    static Separation of(String name, double[] scores, DetectionData.Slice slice) {
      Strata strata = slice.strata();
      Estimate auroc = strata.auroc(strata.placements(slice.pick(scores)));
      Interval interval =
          auroc.interval().orElseGet(() -> new Interval(auroc.value(), auroc.value()));
      return new Separation(
          name, auroc.value(), interval.low(), interval.high(), slice.pairAccuracy(scores));
    }
  }

  /** The whole of the evidence is on the detector's side. */
  public static final String KNOWS = "knows more than the surface";

  /** The detector is not better by as much as {@link #EFFECT} than what the surface shows. */
  public static final String NO_MORE = "knows no more than the surface";

  /** Neither. */
  public static final String CANNOT_TELL = "cannot tell at this n";

  /** A difference in AUROC worth speaking of. */
  static final double EFFECT = 0.05;

  private static final double LEVEL = 0.01;
  private static final double POWER = 2.8;
  private static final double WIDTH = 3.92;

  /** Copies the lists. */
  public TaskAssessment {
    figures = List.copyOf(figures);
    against = List.copyOf(against);
    graded = List.copyOf(Objects.requireNonNullElse(graded, List.of()));
  }

  static String verdict(List<Comparison> against, LikelihoodRatio ratio, int records) {
    boolean better =
        against.stream().allMatch(one -> one.difference() > 0 && one.holm() < LEVEL)
            && ratio.p() < LEVEL;
    if (better) {
      return KNOWS;
    }
    if (against.stream().anyMatch(one -> one.high() < EFFECT)) {
      return NO_MORE;
    }
    double widest =
        against.stream().mapToDouble(one -> (one.high() - one.low()) / WIDTH).max().orElse(0);
    double ratioOfErrors = POWER * widest / EFFECT;
    long needed = Math.max(records, Math.round(records * ratioOfErrors * ratioOfErrors));
    return CANNOT_TELL + " (would need about " + needed + " records)";
  }
}
