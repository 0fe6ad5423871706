package dev.hbar.signal;

import dev.hbar.capture.CaptureRequest;
import dev.hbar.family.Forward;
import dev.hbar.generate.StepProbe;
import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxOps;
import dev.hbar.mlx.MlxScope;

/**
 * The signals inside the graph of the step that chooses the token: float32, for every row of the
 * batch, four numbers each (delta_mu, delta_sigma, surprise, dh). hbar_s and PRI follow from them
 * on the host. The plain-Java signals of this package are the oracle.
 */
public final class SignalProbe implements StepProbe {
  /** Numbers per row. */
  public static final int WIDTH = 4;

  private final int layers;
  private final CaptureRequest request;
  private MlxArray previous;

  /** A probe for one run of a model with so many blocks. */
  public SignalProbe(int layers) {
    this.layers = layers;
    this.request = CaptureRequest.blocks(layers);
  }

  @Override
  public CaptureRequest request() {
    return request;
  }

  /** [B, 4] in the order delta_mu, delta_sigma, surprise, dh. */
  @Override
  public MlxArray measure(MlxScope step, Forward forward, MlxArray tokens) {
    MlxOps ops = step.ops();
    MlxArray blocks = ops.astype(forward.captured().blocks(step, layers), DType.FLOAT32);
    MlxArray directions = directions(step, blocks);
    TokenDistribution p = TokenDistribution.of(step, forward.logits(), tokens);
    return ops.stack(
        1, p.deltaMu(), deltaSigma(step, directions), p.surprise(), drift(step, directions));
  }

  @Override
  public void retain(MlxScope step, MlxArray rows) {
    if (previous != null) {
      replacePrevious(step.keep(step.ops().take(previous, rows, 0)));
    }
  }

  private void replacePrevious(MlxArray last) {
    if (previous != null) {
      previous.close();
    }
    previous = last;
  }

  /** x_i = h_i / sqrt(sum h_i^2 + eps), [B, layers, hidden]. */
  private static MlxArray directions(MlxScope step, MlxArray blocks) {
    MlxOps ops = step.ops();
    MlxArray squares = ops.sum(ops.square(blocks), -1, true);
    MlxArray eps = step.scalar((float) DeltaSigma.NORM_EPSILON, DType.FLOAT32);
    return ops.multiply(blocks, ops.rsqrt(ops.add(squares, eps)));
  }

  private static MlxArray deltaSigma(MlxScope step, MlxArray directions) {
    MlxOps ops = step.ops();
    MlxArray centred = ops.subtract(directions, ops.mean(directions, 1, true));
    MlxArray distances = ops.sum(ops.square(centred), -1, false);
    return ops.sqrt(ops.mean(distances, -1, false));
  }

  /**
   * 1 - cos of the last block's directions as half their squared distance, which keeps small
   * angles.
   */
  private MlxArray drift(MlxScope step, MlxArray directions) {
    MlxOps ops = step.ops();
    int[] shape = directions.shape();
    MlxArray last =
        ops.contiguous(
            ops.slice(
                directions, new int[] {0, layers - 1, 0}, new int[] {shape[0], layers, shape[2]}));
    MlxArray before = previous == null ? last : previous;
    MlxArray squared = ops.sum(ops.square(ops.subtract(last, before)), -1, false);
    MlxArray drift = ops.multiply(squared, step.scalar(0.5f, DType.FLOAT32));
    replacePrevious(step.keep(last));
    return ops.reshape(drift, shape[0]);
  }

  /**
   * One row's signals on the host.
   *
   * @param measured what {@link #measure} gave for the row
   */
  public static TokenSignals signals(int token, float[] measured, double alpha) {
    return TokenSignals.of(token, measured[0], measured[1], measured[2], measured[3], alpha);
  }
}
