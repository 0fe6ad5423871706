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
import java.util.ArrayList;
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
  private final RowChoices choices;
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
    this(
        model,
        run,
        cache,
        probe,
        RowChoices.alike(sampling, run, model.config().vocabSize()),
        depth);
  }

  private BatchDecoder(
      CausalLm model, MlxScope run, KvCache cache, StepProbe probe, RowChoices choices, int depth) {
    this.model = model;
    this.run = run;
    this.cache = cache;
    this.probe = probe;
    this.choices = choices;
    this.depth = depth;
  }

  /**
   * A decoder that goes on with the rows of others, in this order, each as it would have gone on
   * alone. The others are spent: close them.
   *
   * @param run owns what outlives a step from now on, the stacked cache among it
   * @param decoders joined ones or such of one row; each has taken a step, none has one in flight
   * @throws IllegalStateException if a submitted step of one is unread
   */
  static BatchDecoder joined(CausalLm model, MlxScope run, List<BatchDecoder> decoders, int depth) {
    decoders.forEach(BatchDecoder::requireNothingInFlight);
    List<KvCache> caches = new ArrayList<>();
    List<Integer> rows = new ArrayList<>();
    for (BatchDecoder decoder : decoders) {
      for (int row = 0; row < decoder.cache.rows(); row++) {
        caches.add(decoder.cache);
        rows.add(row);
      }
    }
    KvCache cache = KvCache.stack(run, caches, rows.stream().mapToInt(row -> row).toArray());
    StepProbe first = decoders.getFirst().probe;
    StepProbe probe = first.joined(run, decoders.stream().map(decoder -> decoder.probe).toList());
    RowChoices choices =
        RowChoices.joined(run, decoders.stream().map(decoder -> decoder.choices).toList());
    BatchDecoder joined = new BatchDecoder(model, run, cache, probe, choices, depth);
    MlxArray[] tokens = decoders.stream().map(decoder -> decoder.tokens).toArray(MlxArray[]::new);
    joined.tokens = run.ops().concatenate(0, tokens);
    run.eval(Stream.concat(Stream.of(joined.tokens), choices.arrays()).toArray(MlxArray[]::new));
    return joined;
  }

  /** What is measured of the rows there are now. */
  StepProbe probe() {
    return probe;
  }

  /** What the rows have seen so far. */
  KvCache cache() {
    return cache;
  }

  /** Whether a step was submitted that has not been read. */
  boolean isInFlight() {
    return !unread.isEmpty();
  }

  private void requireNothingInFlight() {
    if (isInFlight()) {
      throw new IllegalStateException(unread.size() + " steps of the whole batch are in flight");
    }
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
    choices.begin(prompts);
    submit(rows);
    return readFinite();
  }

  /** The tokens after the last ones, for all rows. */
  public Step next() {
    while (submitted <= read + ahead()) {
      submit(List.of());
    }
    return readFinite();
  }

  /** A constraint must know a token before it can say what may follow. */
  private int ahead() {
    return choices.isConstrained() ? 0 : depth;
  }

  /** The same, where a row whose logits are not finite is told and spoils no other. */
  Step nextOfEach() {
    while (submitted <= read + ahead()) {
      submit(List.of());
    }
    return read();
  }

  /** The step in flight, without another one behind it. */
  Step last() {
    return read();
  }

  /**
   * Goes on with these rows of the batch only, in this order; not while a step is in flight.
   *
   * @throws IllegalStateException if a submitted step is unread, as with a depth above 0
   */
  public void retain(int[] rows) {
    requireNothingInFlight();
    cache.retain(rows);
    try (MlxScope step = run.child("rows")) {
      MlxArray indices = step.ints(rows, rows.length);
      probe.retain(step, indices);
      choices.retain(step, rows, indices);
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
      MlxArray chosen = choices.choose(step, forward.logits());
      MlxArray readout = readout(step, forward, chosen);
      choices.add(step, chosen);
      step.asyncEval(
          Stream.concat(Stream.of(readout, chosen), choices.arrays()).toArray(MlxArray[]::new));
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

  private Step readFinite() {
    Step step = read();
    step.requireFinite(read - 1);
    return step;
  }

  private Step read() {
    MlxArray readout = unread.remove();
    int width = readout.dim(1);
    float[] values = readout.toFloats();
    readout.close();
    int rows = values.length / width;
    int[] ids = new int[rows];
    float[][] measured = new float[rows][];
    boolean[] finite = new boolean[rows];
    for (int row = 0; row < rows; row++) {
      int at = row * width;
      finite[row] = values[at + 1] == 1f;
      ids[row] = (int) values[at];
      measured[row] = Arrays.copyOfRange(values, at + 2, at + width);
    }
    choices.known(ids);
    read++;
    if (read % CLEAR_CACHE_EVERY == 0) {
      MlxMemory.clearCache();
    }
    return new Step(ids, measured, finite, model.config().file().getParent());
  }

  /** Frees what is in flight; the cache stays the caller's. */
  @Override
  public void close() {
    unread.forEach(MlxArray::close);
    unread.clear();
    choices.close();
    if (tokens != null) {
      tokens.close();
    }
  }
}
