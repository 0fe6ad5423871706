package dev.hbar.monitor.detect;

import dev.hbar.model.capture.CapturePoint;
import dev.hbar.model.capture.CapturePoints;
import java.nio.file.Path;
import java.util.Set;

/**
 * A linear detector: the log-odds that an answer is hallucinated, w h + b, of a state h. Fitted on
 * the mean over an answer or on its last token; as it is linear, the mean of its tokens' log-odds
 * is the log-odds of their mean state. The array is not to be changed.
 *
 * @param folder where it was read from
 * @param kind how it was fitted, for example {@code probe}
 * @param point the state it looks at, for example {@code block.20}
 * @param position where it was fitted, for example {@code mean-answer}
 * @param checkpointSha256 hash of the checkpoint it was fitted on
 * @param weights w, one per number of the state
 * @param bias b
 */
public record Detector(
    Path folder,
    String kind,
    String point,
    String position,
    String checkpointSha256,
    float[] weights,
    float bias) {
  /** The name of its log-odds among a token's signals. */
  public static final String SIGNAL = "detector";

  private static final Set<String> LIVE = Set.of("mean-answer", "last-answer", "answer");

  /**
   * This detector, checked for use on a checkpoint's answers while they are generated.
   *
   * @param sha256 hash of the checkpoint
   * @param hidden width of its states
   * @throws DetectorException if it was fitted on another checkpoint or looks at other positions
   */
  public Detector requireFits(String sha256, int hidden) {
    if (!checkpointSha256.equals(sha256)) {
      throw new DetectorException(
          folder,
          "was fitted on another checkpoint ("
              + checkpointSha256
              + "), whose states mean something else; fit one on this checkpoint");
    }
    if (!LIVE.contains(position)) {
      throw new DetectorException(
          folder,
          "looks at "
              + position
              + ", which an answer does not have while it grows; fit one on mean-answer");
    }
    if (weights.length != hidden) {
      throw new DetectorException(
          folder,
          "has %s weights for states of %s numbers; fit it again"
              .formatted(weights.length, hidden));
    }
    return this;
  }

  /** The point whose state it looks at. */
  public CapturePoint capturePoint() {
    String name = point.startsWith("block.") ? point + ".output" : point;
    return CapturePoints.parse(name)
        .orElseThrow(() -> new DetectorException(folder, "looks at no known point: " + point));
  }

  /** The probability of these log-odds. */
  public static double probability(double logOdds) {
    return 1 / (1 + Math.exp(-logOdds));
  }
}
