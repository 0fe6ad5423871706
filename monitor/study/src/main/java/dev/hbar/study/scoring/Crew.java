package dev.hbar.study.scoring;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

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
        public void help(Shared<?> run) {
          // the run's own thread does it all
        }
      };

  /** Most groups that are read and not yet written. */
  int groupsAhead();

  /** How long a group may take beyond ten times the longest of the run's own thread. */
  default Duration patience() {
    return Duration.ofMinutes(1);
  }

  /** Called at the start of a run; takes groups until the queue is closed. */
  void help(Shared<?> run);

  /** Sends them home. */
  @Override
  default void close() {}

  /**
   * A run in the lines that others hear and say of it.
   *
   * @param <R> what a group becomes
   */
  interface Shared<R> {
    /** What the run is, without line end. */
    String header();

    /**
     * The first difference between the run and another of this header, if any.
     *
     * @throws RuntimeException if that is no header
     */
    Optional<String> firstDifference(String header);

    /** What is to be done. */
    GroupQueue<R> queue();

    /**
     * What somebody made of a group. Any thread.
     *
     * @throws IOException if the lines end early, or are of something else
     */
    R received(GroupQueue.Group group, Lines lines) throws IOException;
  }

  /** Lines that somebody sends, one after the other. */
  @FunctionalInterface
  interface Lines {
    /** The next one. */
    String next() throws IOException;
  }
}
