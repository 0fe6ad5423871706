package dev.hbar.study.detect;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;

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
  "verdict"
})
public record Section(
    String task,
    String subset,
    int samples,
    int records,
    List<Figure> figures,
    List<Against> against,
    LikelihoodRatio likelihoodRatio,
    String verdict) {
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
  public Section {
    figures = List.copyOf(figures);
    against = List.copyOf(against);
  }

  static String verdict(List<Against> against, LikelihoodRatio ratio, int records) {
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
