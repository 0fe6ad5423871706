package dev.hbar.study.scoring;

import dev.hbar.mlx.MlxMemory;
import dev.hbar.monitor.signal.Signal;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Opens checkpoints for scoring. */
public interface ScoringBackend {
  /**
   * Name of a checkpoint, which is not loaded for that.
   *
   * @param checkpoint a folder, or ORG/NAME[@REVISION]
   * @throws RuntimeException with a one-line message if it does not exist
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
  Session open(String checkpoint, ScoringRequest request);

  /** A loaded checkpoint that scores samples, and what a score file's header must say about it. */
  interface Session extends SampleRunner.Scorer, AutoCloseable {
    /** Name of the checkpoint: its folder's name, not its path. */
    String checkpointName();

    /** Hash of what decides the scores: config, weights, tokenizer. */
    String checkpointSha256();

    /** Samples per group; decided once, from the request. */
    int groupSize();

    /** The compute policy in words, for instance {@code cpu float32 dense}. */
    String compute();

    /** The memory planned for, in words, for instance {@code 512 MiB weights}. */
    String memory();

    /** What is odd about the checkpoint's folder, without harm. */
    default Optional<String> note() {
      return Optional.empty();
    }

    /** Names of the scores of a sample. */
    default List<String> signals(ScoringRequest request) {
      return Signal.scores(request.driftLayers()).stream().map(Signal::id).toList();
    }

    /** Name to version of what computes: mlx, mlx-c, tokenizers and so on. */
    Map<String, String> versions();

    /** What several ways of scoring have cost so far; nothing where there is one way only. */
    default List<StageCost> costs() {
      return List.of();
    }

    /** Gives the model's memory back. */
    @Override
    void close();
  }

  /**
   * What a way of scoring has cost in this run.
   *
   * @param stage what was done
   * @param answers scored
   * @param tokens that the model read or wrote for it, over all answers
   * @param seconds that it took, over all answers
   */
  public record StageCost(String stage, int answers, long tokens, double seconds) {
    /** This and one more piece of work. */
    public StageCost and(int moreAnswers, long moreTokens, long nanos) {
      return new StageCost(
          stage, answers + moreAnswers, tokens + moreTokens, seconds + nanos / 1e9);
    }
  }
}
