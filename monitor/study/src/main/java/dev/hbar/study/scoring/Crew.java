package dev.hbar.study.scoring;

import dev.hbar.study.scores.ScoreFile;

/** Who takes groups of a run beside the thread that runs it. */
public interface Crew extends AutoCloseable {
  /** Nobody. */
  Crew NONE =
      new Crew() {
        @Override
        public int groupsAhead() {
          return 1;
        }

        @Override
        public void help(ScoreFile.Header header, GroupQueue queue) {
          // the run's own thread does it all
        }
      };

  /** Most groups that are read and not yet written. */
  int groupsAhead();

  /**
   * Called at the start of a run; takes groups until the queue is closed.
   *
   * @param header what the run is
   */
  void help(ScoreFile.Header header, GroupQueue queue);

  /** Sends them home. */
  @Override
  default void close() {}
}
