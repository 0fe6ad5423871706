package dev.hbar.study.scoring;

/**
 * How a run ended.
 *
 * @param total samples of the run
 * @param done samples in the file, those of earlier runs included
 * @param resumed how many of those done were there already
 * @param failed how many of those done are errors
 */
public record RunOutcome(int total, int done, int resumed, int failed) {
  /** Whether every sample is in the file. */
  public boolean complete() {
    return done == total;
  }
}
