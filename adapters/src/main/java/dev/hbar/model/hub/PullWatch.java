package dev.hbar.model.hub;

/**
 * Sees a pull's progress and may stop it. Called on the thread that pulls, but for the question.
 */
public interface PullWatch {
  /** Whether to stop now; what was fetched is kept for the next pull. Any thread. */
  boolean stopRequested();

  /** Another pull of the same model is going on; this one waits for its end. */
  void waiting();

  /**
   * The listing is here.
   *
   * @param files number of files
   * @param presentBytes of them in the cache already
   * @param totalBytes of all of them
   */
  void listed(int files, long presentBytes, long totalBytes);

  /** So many bytes of all files are here now; fewer than before when a file had to start again. */
  void advanced(long presentBytes);

  /** One file is complete and checked. */
  void finished(PulledFile file);

  /** A request failed and is tried again after some time. */
  void retrying(String reason, long seconds);
}
