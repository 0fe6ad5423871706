package dev.hbar.model.decode;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxMemory;
import dev.hbar.mlx.MlxOps;
import dev.hbar.mlx.MlxScope;
import dev.hbar.model.family.CausalLm;
import dev.hbar.model.family.Forward;
import dev.hbar.model.family.TokenBatch;
import dev.hbar.model.layer.KvCache;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The token loop over a batch: one step scope and one evaluation per token. Token, finiteness and
 * everything the probe measures come back in a single read. With a pipeline depth of 1 the next
 * step is submitted before the last is read.
 */
public final class BatchDecoder implements AutoCloseable {
  private static final int CLEAR_CACHE_EVERY = 256;

  private final CausalLm model;
  private final MlxScope run;
  private final KvCache cache;
  private final StepProbe probe;
  private final TokenChooser chooser;
  private final LogitAdjustment adjustment;
  private final int depth;
  private final ArrayDeque<MlxArray> unread = new ArrayDeque<>();
  private MlxArray tokens;
  private int submitted;
  private int read;

  /**
   * @param run owns what outlives a step; closing it frees everything
   * @param cache what the batch has seen so far; it grows with every step
   * @param depth steps submitted ahead of the one being read; 0 on a CPU, where a step after the
   *     end costs more than the overlap saves
   */
  public BatchDecoder(
      CausalLm model, MlxScope run, KvCache cache, StepProbe probe, Sampling sampling, int depth) {
    this.model = model;
    this.run = run;
    this.cache = cache;
    this.probe = probe;
    this.chooser = new TokenChooser(sampling);
    this.adjustment = new LogitAdjustment(sampling, run, model.config().vocabSize());
    this.depth = depth;
  }

  /**
   * Feeds the rows' remaining prompt tokens (at least one each) and returns the first chosen
   * tokens. They are the whole prompt to a repetition penalty.
   */
  public Step start(List<int[]> rows) {
    return start(rows, rows);
  }

  /**
   * The same.
   *
   * @param prompts all tokens of each row's prompt, which a repetition penalty counts
   */
  public Step start(List<int[]> rows, List<int[]> prompts) {
    adjustment.begin(prompts);
    submit(rows);
    return read();
  }

  /** The tokens after the last ones, for all rows. */
  public Step next() {
    while (submitted <= read + depth) {
      submit(List.of());
    }
    return read();
  }

  /**
   * Goes on with these rows of the batch only, in this order; not while a step is in flight.
   *
   * @throws IllegalStateException if a submitted step is unread, as with a depth above 0
   */
  public void retain(int[] rows) {
    if (!unread.isEmpty()) {
      throw new IllegalStateException(unread.size() + " steps of the whole batch are in flight");
    }
    cache.retain(rows);
    try (MlxScope step = run.child("rows")) {
      MlxArray indices = step.ints(rows, rows.length);
      probe.retain(step, indices);
      adjustment.retain(step, indices);
      replaceTokens(step.keep(step.ops().take(tokens, indices, 0)));
    }
  }

  private void submit(List<int[]> prompt) {
    try (MlxScope step = run.child("step")) {
      TokenBatch batch =
          prompt.isEmpty()
              ? TokenBatch.next(step, tokens)
              : TokenBatch.of(step, prompt, model.config().vocabSize());
      Forward forward = model.forward(step, batch, cache, probe.request());
      MlxArray logits = adjustment.adjusted(step, forward.logits());
      MlxArray chosen = chooser.choose(step, logits, submitted);
      MlxArray readout = readout(step, forward, chosen);
      adjustment.add(step, chosen);
      step.asyncEval(
          Stream.concat(Stream.of(readout, chosen), adjustment.arrays()).toArray(MlxArray[]::new));
      replaceTokens(step.keep(chosen));
      unread.add(step.keep(readout));
    }
    submitted++;
  }

  private void replaceTokens(MlxArray chosen) {
    if (tokens != null) {
      tokens.close();
    }
    tokens = chosen;
  }

  /**
   * [B, 2 + n]: the token (exact in float32 below 2^24), 1 if all logits are finite, the probe's
   * numbers.
   */
  private MlxArray readout(MlxScope step, Forward forward, MlxArray chosen) {
    MlxOps ops = step.ops();
    // A sum of finite float32 logits is finite, and any NaN or infinity stays in it: one cheap
    // pass.
    MlxArray finite = ops.isFinite(ops.sum(forward.logits(), -1, false));
    MlxArray head =
        ops.stack(1, ops.astype(chosen, DType.FLOAT32), ops.astype(finite, DType.FLOAT32));
    return ops.concatenate(1, head, probe.measure(step, forward, chosen));
  }

  private Step read() {
    MlxArray readout = unread.remove();
    int width = readout.dim(1);
    float[] values = readout.toFloats();
    readout.close();
    int rows = values.length / width;
    int[] ids = new int[rows];
    float[][] measured = new float[rows][];
    for (int row = 0; row < rows; row++) {
      int at = row * width;
      if (values[at + 1] != 1f) {
        throw new NonFiniteLogitsException(read, row);
      }
      ids[row] = (int) values[at];
      measured[row] = Arrays.copyOfRange(values, at + 2, at + width);
    }
    read++;
    if (read % CLEAR_CACHE_EVERY == 0) {
      MlxMemory.clearCache();
    }
    return new Step(ids, measured);
  }

  /** Frees what is in flight; the cache stays the caller's. */
  @Override
  public void close() {
    unread.forEach(MlxArray::close);
    unread.clear();
    adjustment.close();
    if (tokens != null) {
      tokens.close();
    }
  }
}
