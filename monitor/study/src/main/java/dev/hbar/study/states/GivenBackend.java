package dev.hbar.study.states;

import dev.hbar.mlx.MlxMemory;
import dev.hbar.study.scoring.MlxScoringBackend;
import dev.hbar.study.scoring.ScoringBackend;
import dev.hbar.study.scoring.ScoringRequest;
import dev.hbar.study.scoring.ScoringSession;
import java.util.Map;

/** Opens checkpoints for scoring the answers that stand in the data. */
public final class GivenBackend implements ScoringBackend {
  private final Map<String, String> environment;
  private final MlxScoringBackend generating;

  /** A backend that finds the Hugging Face cache by these variables. */
  public GivenBackend(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
    this.generating = new MlxScoringBackend(environment);
  }

  @Override
  public String name(String checkpoint) {
    return generating.name(checkpoint);
  }

  @Override
  public MlxMemory.Snapshot memory() {
    return generating.memory();
  }

  @Override
  public MlxMemory.Snapshot settle() {
    return generating.settle();
  }

  /**
   * @throws IllegalArgumentException if the drift of other blocks than the last is asked for
   */
  @Override
  public ScoringSession open(String checkpoint, ScoringRequest request) {
    if (!request.driftLayers().isEmpty()) {
      throw new IllegalArgumentException(
          "--drift-layers goes with generated answers; hbar states keeps any block of given ones");
    }
    return new GivenScoring(
        GivenModel.open(checkpoint, environment, request.ropeReference()), request);
  }
}
