package dev.hbar.study.scoring;

import dev.hbar.monitor.signal.Signal;
import java.util.List;
import java.util.Map;

/** A loaded checkpoint that scores samples, and what a score file's header must say about it. */
public interface ScoringSession extends SampleRunner.Scorer, AutoCloseable {
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

  /** Names of the scores of a sample. */
  default List<String> signals(ScoringRequest request) {
    return Signal.scores(request.driftLayers()).stream().map(Signal::id).toList();
  }

  /** Name to version of what computes: mlx, mlx-c, tokenizers and so on. */
  Map<String, String> versions();

  /** Gives the model's memory back. */
  @Override
  void close();
}
