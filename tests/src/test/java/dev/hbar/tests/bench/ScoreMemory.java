package dev.hbar.tests.bench;

import dev.hbar.mlx.Mlx;
import dev.hbar.mlx.MlxMemory;
import dev.hbar.mlx.MlxThread;
import dev.hbar.model.family.RopeReference;
import dev.hbar.study.dataset.HaluEvalTask;
import dev.hbar.study.dataset.Sample;
import dev.hbar.study.dataset.SampleSource;
import dev.hbar.study.scoring.MlxScoringBackend;
import dev.hbar.study.scoring.ScoringBackend;
import dev.hbar.study.scoring.ScoringRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * Memory while real samples are scored: MLX's active and cached bytes, live arrays and the resident
 * size of the process (Linux), a line every few groups. The first lines show the warm-up.
 */
public final class ScoreMemory {
  private static final int MAX_TOKENS = 20;
  private static final double ALPHA = 0.1;
  private static final int GROUPS_PER_LINE = 5;

  private ScoreMemory() {}

  /** Arguments: checkpoint, data file, number of records. */
  public static void main(String[] arguments) throws IOException {
    ScoringRequest request =
        new ScoringRequest(
            MAX_TOKENS, ALPHA, false, OptionalInt.empty(), List.of(), RopeReference.TRANSFORMERS);
    OptionalInt records = OptionalInt.of(Integer.parseInt(arguments[2]));
    SampleSource slice = HaluEvalTask.QA.read(Path.of(arguments[1]), 0, records);
    try (ScoringBackend.Session session =
            new MlxScoringBackend(System.getenv()).open(arguments[0], request);
        Stream<Sample> stream = slice.open()) {
      List<Sample> samples = stream.toList();
      int group = session.groupSize();
      line("loaded");
      for (int from = 0; from < samples.size(); from += group) {
        session.score(samples.subList(from, Math.min(samples.size(), from + group)));
        if (from / group % GROUPS_PER_LINE == 0 || from + group >= samples.size()) {
          line(Math.min(samples.size(), from + group) + " samples");
        }
      }
    }
    line("closed");
  }

  private static void line(String when) throws IOException {
    MlxMemory.Snapshot[] memory = new MlxMemory.Snapshot[1];
    MlxThread.run(() -> memory[0] = MlxMemory.snapshot());
    System.out.printf(
        "%-12s active %.1f MB, cache %.1f MB, peak %.1f MB, live arrays %d, resident %.0f MB%n",
        when,
        memory[0].active() / 1e6,
        memory[0].cache() / 1e6,
        memory[0].peak() / 1e6,
        Mlx.liveArrays(),
        residentKilobytes() / 1e3);
  }

  private static long residentKilobytes() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .map(line -> line.replaceAll("\\D", ""))
          .mapToLong(Long::parseLong)
          .findFirst()
          .orElse(0);
    }
  }
}
