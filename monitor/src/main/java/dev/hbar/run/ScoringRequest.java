package dev.hbar.run;

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
 */
public record ScoringRequest(
    int maxTokens,
    double alpha,
    boolean perToken,
    OptionalInt groupSize,
    List<Integer> driftLayers) {

  /** Copies the list. */
  public ScoringRequest {
    driftLayers = List.copyOf(driftLayers);
  }
}
