package dev.hbar.study.scoring;

/** Who looks on while a run goes: shows progress, and may ask it to stop between two groups. */
public interface RunWatch {
  /** Whether to stop before the next group. */
  boolean stopRequested();

  /**
   * Called at the start and after each group.
   *
   * @param done samples in the file now
   * @param total samples of the run
   * @param failed how many of those done are errors
   */
  void advanced(int done, int total, int failed);

  /**
   * How a run ended.
   *
   * @param total samples of the run
   * @param done samples in the file, those of earlier runs included
   * @param resumed how many of those done were there already
   * @param failed how many of those done are errors
   */
  record Outcome(int total, int done, int resumed, int failed) {
    /** Whether every sample is in the file. */
    public boolean complete() {
      return done == total;
    }
  }
}
