package dev.hbar.model.decode;

import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxScope;
import dev.hbar.model.family.CausalLm;
import dev.hbar.model.layer.KvCache;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.Optional;

/**
 * What sequences have computed, kept for prompts that begin as they did: the next turn of a
 * conversation, or another question behind the same instructions. Bounded in bytes; the least
 * recently used goes first. MLX's thread.
 */
public final class PrefixCache implements AutoCloseable {
  private final MlxScope run;
  private final long most;
  // Most recently used first.
  private final ArrayDeque<Kept> kept = new ArrayDeque<>();
  private long bytes;

  /**
   * One sequence.
   *
   * @param ids those that the cache has seen
   * @param begunWith length of the prompt that it was made for, which may turn the rope
   */
  record Kept(int[] ids, KvCache cache, int begunWith) {
    private long bytes() {
      return Arrays.stream(cache.buffers()).mapToLong(MlxArray::byteSize).sum();
    }

    private int common(int[] prompt) {
      int differs = Arrays.mismatch(ids, prompt);
      return differs < 0 ? ids.length : Math.min(differs, prompt.length);
    }

    /** Whether the other one answers every prompt that this one does. */
    private boolean isPartOf(Kept other) {
      return other.cache.isTrimmable() && common(other.ids) == ids.length;
    }
  }

  /**
   * An empty cache.
   *
   * @param most bytes that it may hold
   */
  public PrefixCache(CausalLm model, long most) {
    this.run = model.openRun("prefixes");
    this.most = most;
  }

  /** Bytes it holds. */
  public long bytes() {
    return bytes;
  }

  /** Gives a new session a copy of what has most in common with its prompt, if anything has. */
  public void seed(Session session, int[] prompt) {
    Optional<Kept> best =
        kept.stream()
            .filter(one -> one.common(prompt) > 0)
            .filter(one -> one.cache.isTrimmable() || one.common(prompt) == one.ids.length)
            .max(Comparator.comparingInt(one -> one.common(prompt)));
    best.ifPresent(
        one -> {
          session.continueFrom(one);
          kept.remove(one);
          kept.addFirst(one);
        });
  }

  /** Keeps a copy of what a session has seen so far. */
  public void keep(Session session) {
    keep(session.kept(run));
  }

  /**
   * Keeps a copy of a row of a batch.
   *
   * @param ids all that the row has been fed with and has chosen
   * @param promptTokens how many of them were the prompt
   */
  public void keep(ContinuousBatch batch, int row, int[] ids, int promptTokens) {
    KvCache copy = batch.copyOf(run, row);
    keep(new Kept(Arrays.copyOf(ids, copy.tokens(0)), copy, promptTokens));
  }

  private void keep(Kept next) {
    long size = next.bytes();
    boolean known = kept.stream().anyMatch(next::isPartOf);
    if (known || size > most) {
      next.cache().close();
      return;
    }
    for (Iterator<Kept> each = kept.iterator(); each.hasNext(); ) {
      Kept old = each.next();
      if (old.isPartOf(next)) {
        each.remove();
        drop(old);
      }
    }
    while (bytes + size > most) {
      drop(kept.removeLast());
    }
    kept.addFirst(next);
    bytes += size;
  }

  private void drop(Kept old) {
    bytes -= old.bytes();
    old.cache().close();
  }

  /** Frees all of it. Idempotent. */
  @Override
  public void close() {
    kept.clear();
    bytes = 0;
    run.close();
  }
}
