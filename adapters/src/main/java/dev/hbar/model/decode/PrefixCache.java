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
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * What sequences have computed, kept for prompts that begin as they did: the next turn of a
 * conversation, or another question behind the same instructions. Bounded in bytes; the least
 * recently used goes first. MLX's thread, but for what says otherwise.
 */
public final class PrefixCache implements AutoCloseable {
  private final MlxScope run;
  private final long most;
  private final Optional<PrefixFolder> folder;
  // Most recently used first.
  private final ArrayDeque<Kept> kept = new ArrayDeque<>();
  private long bytes;

  /**
   * One sequence.
   *
   * @param ids those that the cache has seen
   * @param begunWith length of the prompt that it was made for, which may turn the rope
   * @param isStored whether it need not be written to the folder, or cannot be
   */
  record Kept(int[] ids, KvCache cache, int begunWith, boolean isStored) {
    private long bytes() {
      return Arrays.stream(cache.buffers()).mapToLong(MlxArray::byteSize).sum();
    }

    /** Whether a shorter beginning can be taken of it. */
    boolean isWhole() {
      return cache.isTrimmable();
    }

    private int usable(int[] prompt) {
      return PrefixCache.usable(ids, isWhole(), prompt);
    }

    /** Whether the other one answers every prompt that this one does. */
    private boolean isPartOf(Kept other) {
      return other.isWhole() && common(ids, other.ids) == ids.length;
    }
  }

  /**
   * An empty cache.
   *
   * @param most bytes that it may hold
   */
  public PrefixCache(CausalLm model, long most) {
    this(model, most, Optional.empty());
  }

  /**
   * The same with a folder where they are kept for other processes, see {@link #saveOne}.
   *
   * @param most bytes that it may hold in memory
   */
  public PrefixCache(CausalLm model, long most, Optional<PrefixFolder> folder) {
    this.run = model.openRun("prefixes");
    this.most = most;
    this.folder = folder;
  }

  /** Ids that two sequences begin with. */
  static int common(int[] one, int[] other) {
    int differs = Arrays.mismatch(one, other);
    return differs < 0 ? one.length : Math.min(differs, Math.min(one.length, other.length));
  }

  /**
   * How many tokens of a prompt need not be computed again.
   *
   * @param whole whether a shorter beginning can be taken of what these ids gave
   */
  static int usable(int[] ids, boolean whole, int[] prompt) {
    int common = common(ids, prompt);
    return whole || common == ids.length ? common : 0;
  }

  /** Bytes it holds. */
  public long bytes() {
    return bytes;
  }

  /** Gives a new session a copy of what has most in common with its prompt, if anything has. */
  public void seed(Session session, int[] prompt) {
    Optional<Kept> best =
        kept.stream()
            .filter(one -> one.usable(prompt) > 0)
            .max(Comparator.comparingInt(one -> one.usable(prompt)));
    best.ifPresent(
        one -> {
          session.continueFrom(one);
          kept.remove(one);
          kept.addFirst(one);
        });
  }

  /**
   * Reads what begins like a prompt from the folder, where that is more than memory holds. Not on
   * MLX's thread, as a file is hashed whole.
   *
   * @param onMlx runs work on MLX's thread
   */
  public void fetch(int[] prompt, Consumer<Consumer<CausalLm>> onMlx) {
    int known = kept.stream().mapToInt(one -> one.usable(prompt)).max().orElse(0);
    folder
        .flatMap(files -> files.find(prompt, known, onMlx, run))
        .ifPresent(read -> onMlx.accept(model -> keep(read)));
  }

  /**
   * Writes one sequence to the folder that is not in it yet. Not on MLX's thread: it takes as long
   * as the disk does.
   *
   * @param onMlx runs work on MLX's thread
   * @param goesOn asked again and again; false calls it off
   * @return whether another one may be left
   */
  public boolean saveOne(Consumer<Consumer<CausalLm>> onMlx, BooleanSupplier goesOn) {
    Optional<Kept> next = kept.stream().filter(one -> !one.isStored()).findFirst();
    if (folder.isEmpty() || next.isEmpty() || !folder.get().save(next.get(), onMlx, goesOn)) {
      return false;
    }
    Kept one = next.get();
    kept.remove(one);
    kept.addFirst(new Kept(one.ids(), one.cache(), one.begunWith(), true));
    return true;
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
    keep(new Kept(Arrays.copyOf(ids, copy.tokens(0)), copy, promptTokens, false));
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
