package dev.hbar.run;

/** Opens checkpoints for scoring. */
public interface ScoringBackend {
  /**
   * Loads a checkpoint. The calling thread owns the session.
   *
   * @param checkpoint a folder, or ORG/NAME[@REVISION]
   * @throws RuntimeException with a one-line message if the checkpoint cannot be used
   */
  ScoringSession open(String checkpoint, ScoringRequest request);
}
