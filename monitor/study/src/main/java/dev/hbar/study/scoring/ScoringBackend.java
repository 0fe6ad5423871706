package dev.hbar.study.scoring;

import dev.hbar.mlx.MlxMemory;

/** Opens checkpoints for scoring. */
public interface ScoringBackend {
  /**
   * Name of a checkpoint, which is not loaded for that.
   *
   * @param checkpoint a folder, or ORG/NAME[@REVISION]
   * @throws RuntimeException with a one-line message if it is not there
   */
  String name(String checkpoint);

  /** Bytes held for models now, and the most since {@link #settle}. */
  MlxMemory.Snapshot memory();

  /** Gives caches back and starts the peak anew; what is held then. */
  MlxMemory.Snapshot settle();

  /**
   * Loads a checkpoint. The calling thread owns the session.
   *
   * @param checkpoint a folder, or ORG/NAME[@REVISION]
   * @throws RuntimeException with a one-line message if the checkpoint cannot be used
   */
  ScoringSession open(String checkpoint, ScoringRequest request);
}
