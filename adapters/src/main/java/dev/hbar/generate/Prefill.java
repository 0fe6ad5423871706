package dev.hbar.generate;

import dev.hbar.attention.KvCache;
import dev.hbar.family.CausalLm;
import dev.hbar.family.TokenBatch;
import dev.hbar.mlx.MlxScope;
import java.util.Arrays;
import java.util.List;

/**
 * Fills a cache with a prompt in chunks, evaluating after each: one long command would freeze a
 * Mac's screen, and its activations would all be live at once.
 */
public final class Prefill {
  /** Columns per chunk. */
  public static final int CHUNK = 512;

  private Prefill() {}

  /** Appends {@code ids} to a cache of one row. */
  public static void run(CausalLm model, MlxScope run, KvCache cache, int[] ids, int chunk) {
    for (int start = 0; start < ids.length; start += chunk) {
      int[] piece = Arrays.copyOfRange(ids, start, Math.min(ids.length, start + chunk));
      try (MlxScope step = run.child("prefill")) {
        TokenBatch batch = TokenBatch.of(step, List.of(piece), model.config().vocabSize());
        model.prefill(step, batch, cache);
        step.eval(cache.buffers());
      }
    }
  }
}
