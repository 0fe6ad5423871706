package dev.hbar.study.sweep;

/** Who looks on while a sweep goes, and may ask it to stop between two groups of samples. */
public interface SweepWatch {
  /** Whether to stop before the next group. */
  boolean stopRequested();

  /**
   * Called after each group, and where samples were found that need not be scored.
   *
   * @param done samples of the whole sweep that need no more work
   * @param note checkpoint and stage
   */
  void advanced(long done, String note);

  /**
   * Samples were passed over in no time: those of a checkpoint that failed.
   *
   * @param done as above
   */
  void skipped(long done);

  /** Something worth a line. */
  void say(String line);
}
