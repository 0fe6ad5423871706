package dev.hbar.study.scoring;

import dev.hbar.model.family.RopeReference;
import dev.hbar.study.dataset.SampleSource;
import dev.hbar.study.scores.ScoreFile;
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

  /** The header of a run of this request on these samples. */
  public ScoreFile.Header header(ScoringBackend.Session session, SampleSource.Origin origin) {
    ScoreFile.Header.Settings settings =
        new ScoreFile.Header.Settings(
            maxTokens,
            alpha,
            perToken,
            session.groupSize(),
            session.compute(),
            session.signals(this));
    return new ScoreFile.Header(
        session.checkpointName(),
        session.checkpointSha256(),
        origin.dataSha256(),
        origin.protocol(),
        origin.selection(),
        settings,
        session.versions());
  }
}
