package dev.hbar.model.decode;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxScope;
import dev.hbar.model.capture.CaptureRequest;
import dev.hbar.model.family.Forward;
import java.util.List;

/**
 * Something that is measured at every step inside the same evaluation as the token. State between
 * steps is the probe's own; it lives in the run's scope.
 */
public interface StepProbe {
  /** What the forward pass has to capture. */
  CaptureRequest request();

  /**
   * Adds the measurement to the step's graph.
   *
   * @param tokens the tokens chosen in this step, int32 [B]
   * @return numbers for each row, float32 [B, n], lazy, owned by {@code step}
   */
  MlxArray measure(MlxScope step, Forward forward, MlxArray tokens);

  /**
   * The batch goes on with these rows only, in this order: state of the probe's own follows.
   *
   * @param rows row indices, int32, owned by {@code step}
   */
  void retain(MlxScope step, MlxArray rows);

  /**
   * A probe that goes on with the rows of these, in this order; they are spent.
   *
   * @param run owns the state of the new one
   * @param probes this one among them
   * @throws IllegalArgumentException if they do not go together
   */
  default StepProbe joined(MlxScope run, List<StepProbe> probes) {
    throw new IllegalArgumentException("rows that are measured so cannot join a batch");
  }

  /** Nothing to measure. */
  StepProbe NONE =
      new StepProbe() {
        @Override
        public CaptureRequest request() {
          return CaptureRequest.NOTHING;
        }

        @Override
        public MlxArray measure(MlxScope step, Forward forward, MlxArray tokens) {
          return step.ops().zeros(DType.FLOAT32, tokens.dim(0), 0);
        }

        @Override
        public void retain(MlxScope step, MlxArray rows) {}

        @Override
        public StepProbe joined(MlxScope run, List<StepProbe> probes) {
          return this;
        }
      };
}
