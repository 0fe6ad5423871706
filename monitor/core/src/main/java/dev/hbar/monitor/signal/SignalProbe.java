package dev.hbar.monitor.signal;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxOps;
import dev.hbar.mlx.MlxScope;
import dev.hbar.model.capture.CaptureRequest;
import dev.hbar.model.decode.StepProbe;
import dev.hbar.model.family.Forward;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The signals inside the graph of the step that chooses the token, float32, for every row of the
 * batch: delta_mu, delta_sigma, surprise and dh, and with {@link #complete} the other single-pass
 * signals too. What follows from them by arithmetic, such as hbar_s and PRI, is done on the host.
 * The plain-Java signals of this package are the oracle.
 */
public final class SignalProbe implements StepProbe {
  /** Numbers per row of a probe that is not complete. */
  public static final int WIDTH = 4;

  private final int layers;
  private final boolean complete;
  private final List<Integer> driftLayers;
  private final CaptureRequest request;
  private MlxArray previous;

  private SignalProbe(int layers, boolean complete, List<Integer> driftLayers) {
    this.layers = layers;
    this.complete = complete;
    this.driftLayers = List.copyOf(driftLayers);
    this.request = CaptureRequest.blocks(layers);
  }

  /** A probe of hbar_s and PRI only, for one run of a model with so many blocks. */
  public SignalProbe(int layers) {
    this(layers, false, List.of());
  }

  /**
   * A probe of every signal, for one run of a model with so many blocks.
   *
   * @param driftLayers blocks whose hidden drift is measured as well, each in [0, layers)
   */
  public static SignalProbe complete(int layers, List<Integer> driftLayers) {
    return new SignalProbe(layers, true, driftLayers);
  }

  @Override
  public CaptureRequest request() {
    return request;
  }

  /**
   * [B, n]: delta_mu, delta_sigma, surprise, dh; if complete, those of {@link DistributionSignals}
   * and the drifts.
   */
  @Override
  public MlxArray measure(MlxScope step, Forward forward, MlxArray tokens) {
    MlxOps ops = step.ops();
    MlxArray blocks = ops.astype(forward.captured().blocks(step, layers), DType.FLOAT32);
    MlxArray directions = directions(step, blocks);
    TokenDistribution p = TokenDistribution.of(step, forward.logits(), tokens);
    MlxArray drifts = drifts(step, directions);
    MlxArray sigma = deltaSigma(step, directions);
    MlxArray measured = ops.stack(1, DeltaMu.of(step, p), sigma, Surprise.of(step, p));
    if (!complete) {
      return ops.concatenate(1, measured, drifts);
    }
    MlxArray others = ops.stack(1, DistributionSignals.measure(step, p));
    int rows = tokens.dim(0);
    int watched = drifts.dim(1);
    return ops.concatenate(
        1,
        measured,
        ops.slice(drifts, new int[] {0, watched - 1}, new int[] {rows, watched}),
        others,
        ops.slice(drifts, new int[] {0, 0}, new int[] {rows, watched - 1}));
  }

  @Override
  public void retain(MlxScope step, MlxArray rows) {
    if (previous != null) {
      replacePrevious(step.keep(step.ops().take(previous, rows, 0)));
    }
  }

  /** Complete if one of them is. All watch the same blocks. */
  @Override
  public SignalProbe joined(MlxScope run, List<StepProbe> probes) {
    List<SignalProbe> parts = probes.stream().map(SignalProbe.class::cast).toList();
    if (parts.stream().anyMatch(part -> !part.driftLayers.equals(driftLayers))) {
      throw new IllegalArgumentException("rows that watch different blocks cannot join");
    }
    boolean all = parts.stream().anyMatch(part -> part.complete);
    SignalProbe joined = new SignalProbe(layers, all, driftLayers);
    MlxArray[] last = parts.stream().map(part -> part.previous).toArray(MlxArray[]::new);
    joined.previous = run.ops().concatenate(0, last);
    return joined;
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
   * 1 - cos of the chosen blocks' directions and then the last one's, [B, drift layers + 1], as
   * half their squared distance, which keeps small angles.
   */
  private MlxArray drifts(MlxScope step, MlxArray directions) {
    MlxOps ops = step.ops();
    MlxArray now = ops.contiguous(ops.take(directions, watchedLayers(step), 1));
    MlxArray before = previous == null ? now : previous;
    MlxArray squared = ops.sum(ops.square(ops.subtract(now, before)), -1, false);
    replacePrevious(step.keep(now));
    return ops.multiply(squared, step.scalar(0.5f, DType.FLOAT32));
  }

  private MlxArray watchedLayers(MlxScope step) {
    List<Integer> watched = new ArrayList<>(driftLayers);
    watched.add(layers - 1);
    return step.ints(watched.stream().mapToInt(Integer::intValue).toArray(), watched.size());
  }

  /**
   * The first signals of one row on the host, those that every probe measures.
   *
   * @param measured what {@link #measure} gave for the row
   */
  public static TokenSignals signals(int token, float[] measured, double alpha) {
    return TokenSignals.of(token, measured[0], measured[1], measured[2], measured[3], alpha);
  }

  /**
   * All signals of one row of a complete probe on the host.
   *
   * @param measured what {@link #measure} gave for the row
   */
  public TokenSignals allSignals(int token, float[] measured, double alpha) {
    Map<String, Double> more = new LinkedHashMap<>();
    DistributionSignals.read(measured, WIDTH, more);
    int at = WIDTH + DistributionSignals.WIDTH;
    for (int i = 0; i < driftLayers.size(); i++) {
      more.put("drift_" + driftLayers.get(i), (double) measured[at + i]);
    }
    return signals(token, measured, alpha).with(more);
  }
}
