package dev.hbar.study.parity;

import dev.hbar.mlx.DType;
import java.util.List;

/**
 * How to compare.
 *
 * @param subject our side, as it is shown
 * @param bound on every relative error
 * @param isolate also run every block on the reference's input
 * @param pairs which points; empty for all that the reference has
 * @param ownDtype what the checkpoint's activations were meant for
 */
public record CompareSettings(
    Comparison.Side subject, double bound, boolean isolate, List<PointPair> pairs, DType ownDtype) {
  private static final double FLOAT32_BOUND = 1e-4;
  private static final double HALF_BOUND = 2e-2;

  /** Copies the list. */
  public CompareSettings {
    pairs = List.copyOf(pairs);
  }

  /** The bound where none is given: sums in another order, or one rounding per operation. */
  public static double bound(DType ours, DType theirs) {
    return ours == DType.FLOAT32 && theirs == DType.FLOAT32 ? FLOAT32_BOUND : HALF_BOUND;
  }
}
