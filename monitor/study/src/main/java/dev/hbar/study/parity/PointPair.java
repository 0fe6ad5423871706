package dev.hbar.study.parity;

import dev.hbar.model.capture.BlockPart;
import dev.hbar.model.capture.CapturePoint;
import dev.hbar.study.StudyException;

/**
 * A point of ours and the point of the reference that it is compared with. They must be of one
 * kind: comparing a raw block output with a normed state is a mistake that is hard to find.
 */
public record PointPair(CapturePoint ours, CapturePoint theirs) {
  /** Checks that the points are of one kind. */
  public PointPair {
    if (!kind(ours).equals(kind(theirs))) {
      throw new StudyException(
          "%s is %s and %s is %s: they cannot be compared; compare points of one kind"
              .formatted(ours.label(), kind(ours), theirs.label(), kind(theirs)));
    }
  }

  /** A point compared with the same point. */
  public static PointPair same(CapturePoint point) {
    return new PointPair(point, point);
  }

  /** The name of our point, followed by that of the reference if it differs. */
  public String label() {
    return ours.equals(theirs) ? ours.label() : ours.label() + "=" + theirs.label();
  }

  private static String kind(CapturePoint point) {
    return switch (point) {
      case CapturePoint.Embedding e -> "the raw residual stream";
      case CapturePoint.BlockOutput o -> "the raw residual stream";
      case CapturePoint.InBlock in when in.part() == BlockPart.INPUT -> "the raw residual stream";
      case CapturePoint.InBlock in -> "a block's " + in.part().label();
      case CapturePoint.FinalNorm n -> "the normed state";
      case CapturePoint.Logits l -> "the head's answer";
    };
  }
}
