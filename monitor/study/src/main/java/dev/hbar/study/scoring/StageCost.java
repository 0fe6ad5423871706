package dev.hbar.study.scoring;

/**
 * What a way of scoring has cost in this run.
 *
 * @param stage what was done
 * @param answers scored
 * @param tokens that the model read or wrote for it, over all answers
 * @param seconds that it took, over all answers
 */
public record StageCost(String stage, int answers, long tokens, double seconds) {
  /** This and one more piece of work. */
  public StageCost and(int moreAnswers, long moreTokens, long nanos) {
    return new StageCost(stage, answers + moreAnswers, tokens + moreTokens, seconds + nanos / 1e9);
  }
}
