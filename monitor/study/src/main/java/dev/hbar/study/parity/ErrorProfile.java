package dev.hbar.study.parity;

import dev.hbar.model.capture.CapturePoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The errors of one way of running the model, in the order of the computation.
 *
 * @param name how the model was run: "prompt", "steps" or "isolated"
 */
public record ErrorProfile(String name, List<PointError> points) {
  private static final String ISOLATED = "isolated";

  /** Copies the list. */
  public ErrorProfile {
    points = List.copyOf(points);
  }

  /** A point and its error, before growth is known. */
  record Measured(Comparer.PointPair pair, ErrorStatistics error) {}

  /** The profile of blocks in isolation, where errors do not propagate and have no growth. */
  static ErrorProfile isolated(List<Measured> measured) {
    return new ErrorProfile(
        ISOLATED,
        measured.stream()
            .map(one -> new PointError(one.pair(), one.error(), OptionalDouble.empty()))
            .toList());
  }

  /** A profile with the growth of the error from each block's output to the next. */
  static ErrorProfile of(String name, List<Measured> measured) {
    List<PointError> points = new ArrayList<>();
    double before = 0;
    int blockBefore = -1;
    for (Measured one : measured) {
      OptionalDouble growth = OptionalDouble.empty();
      if (one.pair().ours() instanceof CapturePoint.BlockOutput output) {
        double now = one.error().relative();
        if (output.index() == blockBefore + 1 && before > 0) {
          growth = OptionalDouble.of(now / before);
        }
        before = now;
        blockBefore = output.index();
      }
      points.add(new PointError(one.pair(), one.error(), growth));
    }
    return new ErrorProfile(name, points);
  }

  /** Whether every block was run on the reference's input. */
  boolean isIsolated() {
    return name.equals(ISOLATED);
  }

  /** Points whose relative error is over the bound, in the order of the computation. */
  public List<PointError> over(double bound) {
    return points.stream().filter(point -> !point.error().within(bound)).toList();
  }

  /** The error at one of our points. */
  public Optional<ErrorStatistics> at(CapturePoint point) {
    return points.stream()
        .filter(p -> p.pair().ours().equals(point))
        .map(PointError::error)
        .findFirst();
  }

  /**
   * The error at one point.
   *
   * @param growth relative error divided by that of the previous block; only for block outputs
   *     whose previous block has an error
   */
  public record PointError(Comparer.PointPair pair, ErrorStatistics error, OptionalDouble growth) {}
}
