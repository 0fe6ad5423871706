package dev.hbar.study.parity;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxOps;
import dev.hbar.mlx.MlxScope;
import dev.hbar.model.capture.CapturePoint;
import dev.hbar.model.capture.CaptureRequest;
import dev.hbar.model.decode.StepProbe;
import dev.hbar.model.family.Forward;
import dev.hbar.monitor.signal.SignalProbe;
import java.util.Arrays;

/**
 * Reads whole states out of every step: signals, logits, all blocks and the final norm, in one row
 * of float32.
 */
final class TraceProbe implements StepProbe {
  private final SignalProbe signals;
  private final int layers;
  private final int vocabulary;
  private final int hidden;

  TraceProbe(int layers, int vocabulary, int hidden) {
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
    MlxArray norm = ops.astype(forward.captured().get(new CapturePoint.FinalNorm()), DType.FLOAT32);
    return ops.concatenate(
        1, measured, forward.logits(), ops.reshape(blocks, tokens.dim(0), layers * hidden), norm);
  }

  @Override
  public void retain(MlxScope step, MlxArray rows) {
    signals.retain(step, rows);
  }

  /** The parts of one row, in the order they were joined. */
  TraceStep split(int token, float[] row, double alpha) {
    int logits = SignalProbe.WIDTH;
    int blocks = logits + vocabulary;
    int norm = blocks + layers * hidden;
    return new TraceStep(
        SignalProbe.signals(token, Arrays.copyOf(row, SignalProbe.WIDTH), alpha),
        Arrays.copyOfRange(row, logits, blocks),
        Arrays.copyOfRange(row, blocks, norm),
        Arrays.copyOfRange(row, norm, norm + hidden));
  }
}
