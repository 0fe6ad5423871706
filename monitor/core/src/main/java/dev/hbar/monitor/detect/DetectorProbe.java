package dev.hbar.monitor.detect;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxOps;
import dev.hbar.mlx.MlxScope;
import dev.hbar.model.capture.CaptureRequest;
import dev.hbar.model.decode.StepProbe;
import dev.hbar.model.family.Forward;
import dev.hbar.monitor.signal.SignalProbe;
import java.util.List;

/**
 * The signals and, as the last number, w h of a detector and the state at the last position: of the
 * token that the step was fed with, not of the one it chose. One product more in the graph; the
 * bias is added on the host ({@link #logOdds}).
 */
public final class DetectorProbe implements StepProbe {
  private final SignalProbe signals;
  private final Detector detector;
  private MlxArray weights;

  /** A probe that measures signals and asks the detector. */
  public DetectorProbe(SignalProbe signals, Detector detector) {
    this.signals = signals;
    this.detector = detector;
  }

  /** What is measured beside the detector's opinion. */
  public SignalProbe signals() {
    return signals;
  }

  @Override
  public CaptureRequest request() {
    return signals.request().and(detector.capturePoint());
  }

  @Override
  public MlxArray measure(MlxScope step, Forward forward, MlxArray tokens) {
    return signals.measure(step, forward, tokens, List.of(product(step, forward)));
  }

  /** w h in float32, [B]. */
  private MlxArray product(MlxScope step, Forward forward) {
    MlxOps ops = step.ops();
    if (weights == null) {
      weights = step.keep(step.floats(detector.weights(), detector.weights().length));
    }
    MlxArray state = ops.astype(forward.captured().get(detector.capturePoint()), DType.FLOAT32);
    // Not a matrix product: OpenBLAS takes 3 % of a small model's step for it, this takes 1 %.
    return ops.sum(ops.multiply(state, weights), -1, false);
  }

  /** The detector's log-odds of one row. */
  public double logOdds(float product) {
    return product + detector.bias();
  }

  @Override
  public void retain(MlxScope step, MlxArray rows) {
    signals.retain(step, rows);
  }

  /** All ask the same detector. */
  @Override
  public DetectorProbe joined(MlxScope run, List<StepProbe> probes) {
    List<DetectorProbe> parts = probes.stream().map(DetectorProbe.class::cast).toList();
    if (parts.stream().anyMatch(part -> part.detector != detector)) {
      throw new IllegalArgumentException("rows that ask different detectors cannot join");
    }
    return new DetectorProbe(
        signals.joined(run, parts.stream().<StepProbe>map(part -> part.signals).toList()),
        detector);
  }
}
