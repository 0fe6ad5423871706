package dev.hbar.study.parity;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxOps;
import dev.hbar.mlx.MlxScope;
import dev.hbar.model.capture.CapturePoint;
import dev.hbar.model.capture.CaptureRequest;
import dev.hbar.model.decode.BatchDecoder;
import dev.hbar.model.decode.Prefill;
import dev.hbar.model.decode.Sampling;
import dev.hbar.model.decode.StepProbe;
import dev.hbar.model.family.CausalLm;
import dev.hbar.model.family.Forward;
import dev.hbar.model.layer.KvCache;
import dev.hbar.model.layer.SequenceLength;
import dev.hbar.monitor.signal.Signal;
import dev.hbar.monitor.signal.SignalProbe;
import dev.hbar.monitor.signal.TokenSignals;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A greedy generation with every state that a comparison may need.
 *
 * @param prompt token ids
 * @param layers number of blocks
 */
public record Trace(int[] prompt, int layers, List<Step> steps) {

  /**
   * The states behind one generated token, in float32.
   *
   * @param logits [vocabulary]
   * @param blocks [layers * hidden], raw block outputs at the last position
   * @param finalNorm [hidden], the state after the final norm
   */
  public record Step(TokenSignals signals, float[] logits, float[] blocks, float[] finalNorm) {}

  /**
   * Generates greedily and keeps all states. Owner thread.
   *
   * @param steps most tokens to generate
   * @param ignoreEos whether to continue after an end-of-sequence token
   */
  public static Trace of(CausalLm model, int[] prompt, int steps, boolean ignoreEos) {
    Probe probe =
        new Probe(model.layers(), model.config().vocabSize(), model.config().hiddenSize());
    List<Step> traced = new ArrayList<>();
    try (MlxScope run = model.openRun("trace")) {
      KvCache cache = model.newCache(run, new SequenceLength(prompt.length));
      List<int[]> rest = new Prefill(model, run).allButLastPiece(cache, List.of(prompt));
      try (BatchDecoder decoder = new BatchDecoder(model, run, cache, probe, Sampling.GREEDY, 0)) {
        var step = decoder.start(rest);
        while (true) {
          int token = step.tokens()[0];
          traced.add(probe.split(token, step.measured()[0], Signal.ALPHA));
          boolean ended = model.config().eosTokenIds().contains(token) && !ignoreEos;
          if (traced.size() == steps || ended) {
            return new Trace(prompt, model.layers(), traced);
          }
          step = decoder.next();
        }
      }
    }
  }

  /**
   * Joins the signals, the logits, all block outputs and the final norm of a step in one row of
   * float32.
   */
  private static final class Probe implements StepProbe {
    private final SignalProbe signals;
    private final int layers;
    private final int vocabulary;
    private final int hidden;

    Probe(int layers, int vocabulary, int hidden) {
      this.signals = new SignalProbe(layers);
      this.layers = layers;
      this.vocabulary = vocabulary;
      this.hidden = hidden;
    }

    @Override
    public CaptureRequest request() {
      return signals.request().and(new CapturePoint.FinalNorm());
    }

    @Override
    public MlxArray measure(MlxScope step, Forward forward, MlxArray tokens) {
      MlxOps ops = step.ops();
      MlxArray measured = signals.measure(step, forward, tokens);
      MlxArray blocks = ops.astype(forward.captured().blocks(step, layers), DType.FLOAT32);
      MlxArray norm =
          ops.astype(forward.captured().get(new CapturePoint.FinalNorm()), DType.FLOAT32);
      return ops.concatenate(
          1, measured, forward.logits(), ops.reshape(blocks, tokens.dim(0), layers * hidden), norm);
    }

    @Override
    public void retain(MlxScope step, MlxArray rows) {
      signals.retain(step, rows);
    }

    /** Splits a row into the parts that {@link #measure} joined. */
    Step split(int token, float[] row, double alpha) {
      int logits = signals.width();
      int blocks = logits + vocabulary;
      int norm = blocks + layers * hidden;
      return new Step(
          signals.signals(token, row, alpha),
          Arrays.copyOfRange(row, logits, blocks),
          Arrays.copyOfRange(row, blocks, norm),
          Arrays.copyOfRange(row, norm, norm + hidden));
    }
  }
}
