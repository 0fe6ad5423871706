package dev.hbar.cli;

import dev.hbar.mlx.MlxMemory;
import dev.hbar.model.checkpoint.CheckpointException;
import dev.hbar.monitor.signal.TokenSignals;
import dev.hbar.study.dataset.Sample;
import dev.hbar.study.scores.SampleScore;
import dev.hbar.study.scoring.ScoringBackend;
import dev.hbar.study.scoring.ScoringRequest;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.locks.LockSupport;

/**
 * Scores samples by arithmetic on their ids, after a pause per group; no model. The checkpoint
 * "broken" fails with every sample, "shaky" with those of even hash, "absent" does not open.
 */
record ArithmeticBackend(long nanosPerGroup) implements ScoringBackend {
  @Override
  public String name(String checkpoint) {
    return checkpoint;
  }

  @Override
  public MlxMemory.Snapshot memory() {
    return new MlxMemory.Snapshot(0, 0, 0);
  }

  @Override
  public MlxMemory.Snapshot settle() {
    return memory();
  }

  @Override
  public ScoringBackend.Session open(String checkpoint, ScoringRequest request) {
    if (checkpoint.equals("absent")) {
      throw new CheckpointException("no checkpoint absent: name a folder that is there");
    }
    return new Session(checkpoint, request, nanosPerGroup);
  }

  private record Session(String checkpointName, ScoringRequest request, long nanosPerGroup)
      implements ScoringBackend.Session {

    @Override
    public List<SampleScore> score(List<Sample> group) {
      long end = System.nanoTime() + nanosPerGroup;
      // A step that nothing wakes up, as native work is: parkNanos may return early.
      while (System.nanoTime() < end) {
        LockSupport.parkNanos(end - System.nanoTime());
      }
      int salt =
          checkpointName.hashCode()
              + group.stream().mapToInt(sample -> sample.id().hashCode()).sum();
      return group.stream().map(sample -> score(sample, salt)).toList();
    }

    private SampleScore score(Sample sample, int salt) {
      boolean even = sample.id().hashCode() % 2 == 0;
      if (checkpointName.equals("broken") || checkpointName.equals("shaky") && even) {
        return SampleScore.failed(sample, new IllegalStateException("non-finite logits at step 0"));
      }
      double surprise = Math.abs(Math.sin(salt + sample.id().hashCode()));
      TokenSignals token = TokenSignals.of(7, 8 - surprise, 0.5, surprise, 0, request.alpha());
      return SampleScore.of(
          sample,
          sample.prompt().length(),
          OptionalInt.of(sample.answer().length()),
          "eos",
          List.of(token),
          Map.of(),
          request.perToken());
    }

    @Override
    public String checkpointSha256() {
      return "0";
    }

    @Override
    public int groupSize() {
      return request.groupSize().orElse(4);
    }

    @Override
    public String compute() {
      return "arithmetic";
    }

    @Override
    public String memory() {
      return "0 MiB";
    }

    @Override
    public Map<String, String> versions() {
      return Map.of("hbar", "test");
    }

    @Override
    public void close() {}
  }
}
