package dev.hbar.study.statistics;

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
