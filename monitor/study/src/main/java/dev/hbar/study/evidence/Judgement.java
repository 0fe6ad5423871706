package dev.hbar.study.evidence;

import dev.hbar.study.statistics.Estimate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.hipparchus.distribution.continuous.NormalDistribution;

/**
 * The verdict on a signal. That no difference is seen is not that there is none: "no better" needs
 * a bound, the one-sided 95 % limit of the difference, that lies within {@value #MARGIN} of the
 * baseline; in between the samples are too few.
 *
 * @param verdict in one of a few fixed phrases
 * @param recordsNeeded about how many records would decide with probability 0.8 if the difference
 *     is as it looks; empty if it is decided, or if that cannot be said
 */
public record Judgement(Verdict verdict, OptionalLong recordsNeeded) {
  /** A difference in AUROC too small to matter. */
  public static final double MARGIN = 0.05;

  private static final double BOUND = 0.95;
  private static final double POWER = 0.8;
  private static final double LEVEL = 0.05;

  /**
   * Judges.
   *
   * @param comparisons corrected, that with chance first
   * @param answerLength the comparison with the answer's length, where there is one that is not
   *     itself shown to be chance
   * @param records on which they rest
   */
  static Judgement of(
      List<SignalEvidence.Comparison> comparisons,
      Optional<SignalEvidence.Comparison> answerLength,
      int records) {
    SignalEvidence.Comparison chance = comparisons.getFirst();
    if (chance.isWorse()) {
      return decided(Verdict.WORSE);
    }
    if (!chance.isBetter()) {
      return isWithinMargin(chance.difference())
          ? decided(Verdict.CHANCE)
          : undecided(Verdict.UNDECIDED, chance, records);
    }
    if (answerLength.isEmpty() || answerLength.get().isBetter()) {
      return decided(Verdict.BETTER);
    }
    Estimate difference = answerLength.get().difference();
    return isConstant(difference) || difference.value() + difference.reach(BOUND) < MARGIN
        ? decided(Verdict.NO_BETTER_THAN_LENGTH)
        : undecided(Verdict.LENGTH_UNDECIDED, answerLength.get(), records);
  }

  /** Whether the quantity is shown to lie within the margin of its comparison. */
  static boolean isWithinMargin(Estimate difference) {
    return isConstant(difference)
        || Math.abs(difference.value()) + difference.reach(BOUND) < MARGIN;
  }

  /** The verdict with the records that it would take, if it is undecided. */
  public String words() {
    String needed =
        recordsNeeded.isPresent()
            ? " (would need about %s records)".formatted(recordsNeeded.getAsLong())
            : "";
    return verdict.words() + (verdict.isUndecided() ? " at this n" + needed : "");
  }

  /** Two scores that rank every pair alike. */
  private static boolean isConstant(Estimate difference) {
    return difference.standardError() == 0 && difference.p() == 1;
  }

  private static Judgement decided(Verdict verdict) {
    return new Judgement(verdict, OptionalLong.empty());
  }

  /**
   * The error shrinks as the root of the records; what is nearer, a difference or none, decides.
   */
  private static Judgement undecided(
      Verdict verdict, SignalEvidence.Comparison comparison, int records) {
    Estimate difference = comparison.difference();
    if (difference.standardError() == 0) {
      return new Judgement(verdict, OptionalLong.empty());
    }
    NormalDistribution normal = new NormalDistribution();
    double critical = normal.inverseCumulativeProbability(1 - LEVEL / comparison.asked() / 2);
    double tells = Math.max(Math.abs(difference.value()), MARGIN - Math.abs(difference.value()));
    double ratio =
        (critical + normal.inverseCumulativeProbability(POWER))
            * difference.standardError()
            / tells;
    double needed = records * Math.max(1, ratio * ratio);
    double digit = Math.pow(10, Math.max(0, Math.floor(Math.log10(needed)) - 1));
    return new Judgement(verdict, OptionalLong.of((long) (Math.ceil(needed / digit) * digit)));
  }

  /** What samples say about a score, at the 95 % level after correction. */
  public enum Verdict {
    /** Better than chance, and better than the answer's length where the length is known. */
    BETTER("better than chance"),
    /** Better than chance, and shown not to be better than the answer's length by the margin. */
    NO_BETTER_THAN_LENGTH("no better than answer length"),
    /** Better than chance; whether better than the answer's length these samples do not show. */
    LENGTH_UNDECIDED("better than chance; cannot tell from answer length"),
    /** Shown to lie within the margin of one half. */
    CHANCE("no better than chance"),
    /** Neither shown to differ from one half nor shown to lie near it. */
    UNDECIDED("cannot tell from chance"),
    /** Below one half: the score separates, but the wrong way round. */
    WORSE("worse than chance: separates the wrong way round"),
    /** One of the labels has no sample. */
    UNDEFINED("needs samples of both labels");

    private final String words;

    Verdict(String words) {
      this.words = words;
    }

    /** The verdict as a reader sees it. */
    public String words() {
      return words;
    }

    /** Whether more samples could change it. */
    public boolean isUndecided() {
      return this == UNDECIDED || this == LENGTH_UNDECIDED;
    }
  }
}
