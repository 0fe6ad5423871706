package dev.hbar.monitor.generation;

import dev.hbar.model.decode.Session;
import java.util.ArrayDeque;
import java.util.Comparator;

/**
 * Whose prompt is read next, and how much of it: a short one every other time, in pieces that take
 * about as long as somebody may be kept waiting. The batch's thread.
 */
final class PromptTurns {
  /** Seconds of a piece where nobody waits: one may come meanwhile. */
  private static final double ALONE = 0.25;

  /** The same where others wait for their step or piece. */
  private static final double SHARED = 0.1;

  /** Tokens of a piece at least, or reading weights would take most of its time. */
  private static final int LEAST = 32;

  private boolean shortestFirst;
  private double secondsOfToken = ALONE / 256;

  /** Takes out, by turns, the prompt that is soonest read and the one that has waited longest. */
  BatchedGeneration next(ArrayDeque<BatchedGeneration> reading) {
    shortestFirst = !shortestFirst;
    BatchedGeneration text =
        shortestFirst
            ? reading.stream()
                .min(Comparator.comparingInt(each -> each.session().orElseThrow().left()))
                .orElseThrow()
            : reading.getFirst();
    reading.remove(text);
    return text;
  }

  /**
   * Reads a piece. It costs the more the longer the context is, so the last one tells of the next.
   *
   * @return whether there was one; if not, the first token comes next
   */
  boolean read(Session session, boolean alone) {
    int most = Math.max(LEAST, (int) ((alone ? ALONE : SHARED) / secondsOfToken));
    long started = System.nanoTime();
    int before = session.left();
    boolean going = session.prefill(most);
    if (going) {
      secondsOfToken = (System.nanoTime() - started) / 1e9 / (before - session.left());
    }
    return going;
  }
}
