package dev.hbar.study.ranks;

import java.util.Optional;
import java.util.function.Consumer;

/**
 * Keeps ranks together that compute every step together. Where one ends MLX may let the others wait
 * for ever, so each is connected with rank 0 beside MLX's own connections and told within seconds:
 * at once of a process that ends, after half a minute of a machine that falls silent.
 */
public sealed interface RankWatch extends AutoCloseable permits FirstWatch, OtherWatch {
  /**
   * Waits until all ranks are there.
   *
   * @param say gets lines for the user, from any thread
   * @param ended is called in another thread while this one may wait in native code; ends the
   *     process
   * @throws dev.hbar.study.StudyException if one does not come within a minute
   */
  static RankWatch open(Ranks ranks, Consumer<String> say, Consumer<End> ended) {
    try {
      return ranks.helps() ? OtherWatch.open(ranks, ended) : FirstWatch.open(ranks, say, ended);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("a rank's thread is not interrupted", e);
    }
  }

  /** This rank has done its part: its end is no accident. */
  void finished();

  /** Whether rank 0 tells the user why this rank has failed, so that it need not. */
  boolean reported(String why);

  /** Lets the others go. */
  @Override
  void close();

  /**
   * Why this rank must end.
   *
   * @param well whether rank 0 has what it wants
   * @param words for the user; empty if rank 0 says them
   */
  record End(boolean well, Optional<String> words) {}
}
