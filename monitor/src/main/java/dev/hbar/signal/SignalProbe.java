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
    return ops.stack(
        1,
        deltaMu(step, forward.logits()),
        deltaSigma(step, directions),
        surprise(step, forward.logits(), tokens),
        drift(step, directions));
  }

  /** x_i = h_i / sqrt(sum h_i^2 + eps), [B, layers, hidden]. */
  private static MlxArray directions(MlxScope step, MlxArray blocks) {
    MlxOps ops = step.ops();
    MlxArray squares = ops.sum(ops.square(blocks), -1, true);
    MlxArray eps = step.scalar((float) DeltaSigma.NORM_EPSILON, DType.FLOAT32);
    return ops.multiply(blocks, ops.rsqrt(ops.add(squares, eps)));
  }

  private static MlxArray deltaMu(MlxScope step, MlxArray logits) {
    MlxOps ops = step.ops();
    MlxArray p = ops.softmax(logits, -1);
    // 1 - sum p^2 written as sum p (1 - p), which does not cancel for a confident model.
    MlxArray one = step.scalar(1f, DType.FLOAT32);
    MlxArray impurity = ops.sum(ops.multiply(p, ops.subtract(one, p)), -1, false);
    MlxArray eps = step.scalar((float) DeltaMu.GINI_EPSILON, DType.FLOAT32);
    return ops.rsqrt(ops.add(impurity, eps));
  }

  private static MlxArray deltaSigma(MlxScope step, MlxArray directions) {
    MlxOps ops = step.ops();
    MlxArray centred = ops.subtract(directions, ops.mean(directions, 1, true));
    MlxArray distances = ops.sum(ops.square(centred), -1, false);
    return ops.sqrt(ops.mean(distances, -1, false));
  }

  /**
   * -ln p[x] as ln(1 + sum over the others of exp(z_v - z_x)): near p = 1 the direct form loses
   * every digit. The floor on p is a ceiling here.
   */
  private static MlxArray surprise(MlxScope step, MlxArray logits, MlxArray tokens) {
    MlxOps ops = step.ops();
    int vocabulary = logits.dim(-1);
    MlxArray column = ops.expandDims(tokens, 1);
    MlxArray isChosen = ops.equal(ops.arange(0, vocabulary, DType.INT32), column);
    MlxArray infinity = step.scalar(Float.NEGATIVE_INFINITY, DType.FLOAT32);
    MlxArray others = ops.logsumexp(ops.where(isChosen, infinity, logits), -1, false);
    MlxArray chosen = ops.squeeze(ops.takeAlongAxis(logits, column, 1), 1);
    MlxArray zero = step.scalar(0f, DType.FLOAT32);
    MlxArray surprise = ops.logaddexp(zero, ops.subtract(others, chosen));
    return ops.minimum(surprise, step.scalar((float) Surprise.MAX, DType.FLOAT32));
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
    if (previous != null) {
      previous.close();
    }
    previous = step.keep(last);
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
