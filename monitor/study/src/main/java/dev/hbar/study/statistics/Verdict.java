package dev.hbar.study.statistics;

/** Whether a score tells hallucinated answers from right ones, at the 95 % level. */
public enum Verdict {
  /** The whole interval is above one half. */
  BETTER("better than chance"),
  /** Better than chance, but the answer's length alone does as well. */
  NO_BETTER_THAN_LENGTH("no better than answer length"),
  /** The interval holds one half. */
  CHANCE("not distinguishable from chance"),
  /** The whole interval is below one half: the score separates, but the wrong way round. */
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
}
