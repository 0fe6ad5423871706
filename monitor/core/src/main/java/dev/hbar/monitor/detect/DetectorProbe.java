package dev.hbar.monitor.detect;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxOps;
import dev.hbar.mlx.MlxScope;
import dev.hbar.model.capture.CaptureRequest;
import dev.hbar.model.decode.StepProbe;
import dev.hbar.model.family.Forward;
import java.util.List;

/**
 * Another probe's numbers and, as the last one, the detector's log-odds of the state at the last
 * position: of the token that the step was fed with, not of the one it chose.
 */
public final class DetectorProbe implements StepProbe {
  private final StepProbe inner;
  private final Detector detector;

  /** A probe that measures what {@code inner} does and asks the detector. */
  public DetectorProbe(StepProbe inner, Detector detector) {
    this.inner = inner;
    this.detector = detector;
  }

  /** What is measured beside the detector's opinion. */
  public StepProbe inner() {
    return inner;
  }

  @Override
  public CaptureRequest request() {
    return inner.request().and(detector.capturePoint());
  }

  @Override
  public MlxArray measure(MlxScope step, Forward forward, MlxArray tokens) {
    return step.ops().concatenate(1, inner.measure(step, forward, tokens), logOdds(step, forward));
  }

  /** w h + b in float32, [B, 1]. */
  private MlxArray logOdds(MlxScope step, Forward forward) {
    MlxOps ops = step.ops();
    MlxArray state = ops.astype(forward.captured().get(detector.capturePoint()), DType.FLOAT32);
    MlxArray weights = step.floats(detector.weights(), detector.weights().length, 1);
    MlxArray bias = step.scalar(detector.bias(), DType.FLOAT32);
    return ops.add(ops.matmul(state, weights), bias);
  }

  @Override
  public void retain(MlxScope step, MlxArray rows) {
    inner.retain(step, rows);
  }

  /** All ask the same detector. */
  @Override
  public DetectorProbe joined(MlxScope run, List<StepProbe> probes) {
    List<DetectorProbe> parts = probes.stream().map(DetectorProbe.class::cast).toList();
    if (parts.stream().anyMatch(part -> part.detector != detector)) {
      throw new IllegalArgumentException("rows that ask different detectors cannot join");
    }
    return new DetectorProbe(
        inner.joined(run, parts.stream().map(part -> part.inner).toList()), detector);
  }
}
