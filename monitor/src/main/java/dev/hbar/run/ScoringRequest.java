package dev.hbar.run;

import dev.hbar.model.family.RopeReference;
import java.util.List;
import java.util.OptionalInt;

/**
 * What a command asks of a backend before it opens a checkpoint.
 *
 * @param maxTokens most tokens generated per sample
 * @param alpha weight of the drift in PRI
 * @param perToken whether scores carry every token's signals
 * @param groupSize samples computed together; empty lets the backend choose
 * @param driftLayers blocks whose hidden drift is measured beside the last one's
 * @param ropeReference whose rope and windows the model computes with
 */
public record ScoringRequest(
    int maxTokens,
    double alpha,
    boolean perToken,
    OptionalInt groupSize,
    List<Integer> driftLayers,
    RopeReference ropeReference) {

  /** Copies the list. */
  public ScoringRequest {
    driftLayers = List.copyOf(driftLayers);
  }
}
