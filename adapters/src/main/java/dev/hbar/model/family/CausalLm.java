package dev.hbar.model.family;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxMemory;
import dev.hbar.mlx.MlxScope;
import dev.hbar.model.capture.BlockTap;
import dev.hbar.model.capture.CapturePoint;
import dev.hbar.model.capture.CaptureRequest;
import dev.hbar.model.capture.Captured;
import dev.hbar.model.capture.Taps;
import dev.hbar.model.checkpoint.ModelConfig;
import dev.hbar.model.checkpoint.WeightForm;
import dev.hbar.model.layer.DecoderBlock;
import dev.hbar.model.layer.Embedding;
import dev.hbar.model.layer.KvCache;
import dev.hbar.model.layer.LayerInputs;
import dev.hbar.model.layer.Linear;
import dev.hbar.model.layer.LogitMap;
import dev.hbar.model.layer.MaskChoice;
import dev.hbar.model.layer.Norm;
import dev.hbar.model.layer.SequenceLength;
import dev.hbar.model.layer.StateKind;
import dev.hbar.model.layer.StepPlan;
import dev.hbar.model.layer.TokenMixer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A decoder-only language model: embedding, blocks, final norm, head. Its weights live in a sealed
 * scope; closing the model frees them. One thread, MLX's.
 */
public final class CausalLm implements AutoCloseable {
  private static final CapturePoint EMBEDDING = new CapturePoint.Embedding();
  private static final CapturePoint FINAL_NORM = new CapturePoint.FinalNorm();
  private static final CapturePoint LOGITS = new CapturePoint.Logits();

  private final MlxScope scope;
  private final ModelConfig config;
  private final DType dtype;
  private final boolean dense;
  private final MaskChoice masks;
  private final Embedding embedding;
  private final List<DecoderBlock> blocks;
  private final Norm finalNorm;
  private final Linear head;
  private final LogitMap logits;
  private final Optional<LayerInputs> layerInputs;
  private final List<StateKind> states;

  CausalLm(
      MlxScope scope,
      ModelConfig config,
      LoadOptions options,
      Embedding embedding,
      List<DecoderBlock> blocks,
      Norm finalNorm,
      Linear head,
      LogitMap logits,
      Optional<LayerInputs> layerInputs,
      List<StateKind> states) {
    this.scope = scope;
    this.config = config;
    this.dtype = options.compute().dtype();
    this.dense = options.compute().weights() != WeightForm.PACKED;
    this.masks = options.effectiveMasks();
    this.embedding = embedding;
    this.blocks = List.copyOf(blocks);
    this.finalNorm = finalNorm;
    this.head = head;
    this.logits = logits;
    this.layerInputs = layerInputs;
    this.states = List.copyOf(states);
  }

  /** What config.json says. */
  public ModelConfig config() {
    return config;
  }

  /** Type of the activations, the cache and the mask. */
  public DType dtype() {
    return dtype;
  }

  /** Number of decoder blocks. */
  public int layers() {
    return blocks.size();
  }

  /** For every layer, the last keys that a query sees, itself included; empty: all. */
  public List<OptionalInt> windows() {
    return StateKind.windows(states);
  }

  /** A scope for one run of this model, closed with it at the latest. */
  public MlxScope openRun(String name) {
    return scope.child(name);
  }

  /**
   * Whether a beginning that two sequences share may be computed once: not when their lengths give
   * it different frequencies.
   */
  public boolean turnsAlike(SequenceLength one, SequenceLength other) {
    return blocks.stream()
        .flatMap(block -> block.tokenMixer().stream())
        .allMatch(mixer -> mixer.isAlike(one, other));
  }

  /**
   * Whether what a pass allocates grows with queries times keys: {@link TokenMixer#writesScores}.
   */
  public boolean writesScores() {
    return blocks.stream()
        .flatMap(block -> block.tokenMixer().stream())
        .anyMatch(TokenMixer::writesScores);
  }

  /**
   * An empty cache, owned by {@code run}, for sequences of these lengths: a rope whose frequencies
   * depend on the length has to know it before the first token.
   */
  public KvCache newCache(MlxScope run, SequenceLength... rows) {
    return KvCache.empty(run, dtype, states, List.of(rows));
  }

  /**
   * A cache of one row that goes on from what {@link KvCache#saved} gave.
   *
   * @param tokens that it has seen
   * @throws IllegalArgumentException if the arrays are not those of this model
   */
  public KvCache restoredCache(
      MlxScope run, SequenceLength length, int tokens, Map<String, MlxArray> arrays) {
    return KvCache.restored(run, dtype, states, length, tokens, arrays);
  }

  /**
   * Runs the batch through the blocks, appends to the cache, and gives the last position's logits.
   * Lazy.
   */
  public Forward forward(MlxScope step, TokenBatch batch, KvCache cache, CaptureRequest request) {
    return forward(step, batch, cache, new Taps(request));
  }

  /** The same, with taps that may also replace states on their way. */
  public Forward forward(MlxScope step, TokenBatch batch, KvCache cache, Taps taps) {
    MlxArray x = blocks(step, batch, cache, taps);
    boolean allLogits = taps.wantsAll(LOGITS);
    boolean allNormed = allLogits || taps.wantsAll(FINAL_NORM);
    MlxArray states = allNormed ? x : Captured.lastColumn(step, x, 1);
    MlxArray normed = taps.pass(step, FINAL_NORM, finalNorm.apply(step, states));
    MlxArray headed = allLogits ? normed : Captured.lastColumn(step, normed, 1);
    MlxArray shown = taps.pass(step, LOGITS, logits(step, headed));
    return new Forward(Captured.lastPosition(step, shown), taps.captured());
  }

  /**
   * The logits of some states alone, where those of every position would be a product with the
   * whole vocabulary each. Lazy.
   *
   * @param normed states after the final norm, [..., hidden]
   * @return float32, [..., vocabulary]
   */
  public MlxArray logits(MlxScope step, MlxArray normed) {
    // A dense head keeps float32 logits unrounded; a packed one answers in the weights' own type.
    MlxArray input = dense ? step.ops().astype(normed, DType.FLOAT32) : normed;
    return logits.apply(step, step.ops().astype(head.apply(step, input), DType.FLOAT32));
  }

  /** Fills the cache only; what it leaves to evaluate are the cache's buffers. */
  public void prefill(MlxScope step, TokenBatch batch, KvCache cache) {
    blocks(step, batch, cache, new Taps(CaptureRequest.NOTHING));
  }

  private MlxArray blocks(MlxScope step, TokenBatch batch, KvCache cache, Taps taps) {
    StepPlan planned = cache.plan(step, batch.columns(), batch.padding(), masks);
    CapturePoint at = EMBEDDING;
    MlxArray x = taps.pass(step, at, embedding.lookup(step, batch.ids()));
    StepPlan plan =
        layerInputs.isPresent()
            ? planned.with(layerInputs.get().of(step, batch.ids(), x))
            : planned;
    for (int layer = 0; layer < blocks.size(); layer++) {
      BlockTap tap = taps.block(layer);
      MlxArray output = block(step, layer, x, cache, plan, tap);
      if (tap == BlockTap.NONE && !taps.holds(at, x)) {
        x.close();
      }
      at = new CapturePoint.BlockOutput(layer);
      x = taps.pass(step, at, output);
    }
    requireDtype(x);
    return x;
  }

  /**
   * A block's intermediates are let go before they are evaluated: an array with no handle is freed,
   * or written over in place, as soon as its last reader has run. Held to the end of the step, all
   * blocks' intermediates would be alive at once. Those that a tap shows stay.
   */
  private MlxArray block(
      MlxScope step, int layer, MlxArray x, KvCache cache, StepPlan plan, BlockTap tap) {
    DecoderBlock block = blocks.get(layer);
    if (tap != BlockTap.NONE) {
      return block.apply(step, x, cache, layer, plan, tap);
    }
    try (MlxScope scope = step.child("block")) {
      return scope.keep(block.apply(scope, x, cache, layer, plan, tap));
    }
  }

  /**
   * One strong float32 scalar or weight widens everything after it; noticed here, not by slowness.
   */
  private void requireDtype(MlxArray x) {
    if (x.dtype() != dtype) {
      throw new IllegalStateException(
          "blocks gave " + x.dtype() + " " + Arrays.toString(x.shape()) + ", wanted " + dtype);
    }
  }

  /**
   * Frees the weights and every run that is still open, and gives MLX's reuse cache back.
   * Idempotent.
   */
  @Override
  public void close() {
    scope.close();
    MlxMemory.clearCache();
  }
}
