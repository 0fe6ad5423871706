package dev.hbar.study.parity;

import dev.hbar.mlx.MlxScope;
import dev.hbar.model.capture.CapturePoint;
import dev.hbar.model.capture.Captured;
import java.util.Arrays;

/** The errors of captured states against a reference's. Owner thread. */
record PointErrors(ReferenceFile reference) {
  /** The error of a captured state. */
  ErrorStatistics at(MlxScope step, Captured captured, PointPair pair) {
    return between(step, captured, pair.ours(), pair.theirs());
  }

  /** The same without a look at their kinds, which is how a mistaken kind is found. */
  ErrorStatistics between(
      MlxScope step, Captured captured, CapturePoint ours, CapturePoint theirs) {
    PointState state = PromptPass.read(step, ours, captured.get(ours), captured.span());
    int[] shape = reference.shape(theirs);
    if (!Arrays.equals(shape, state.shape())) {
      throw reference.problem(
          "%s has shape %s, the model gives %s"
              .formatted(theirs.label(), Arrays.toString(shape), Arrays.toString(state.shape())),
          "make it with this checkpoint and this prompt");
    }
    return ErrorStatistics.of(reference.floats(theirs), state.values(), shape, ours.positionAxis());
  }
}
