package dev.hbar.tests.bench;

import dev.hbar.mlx.Mlx;
import dev.hbar.mlx.MlxMemory;
import dev.hbar.mlx.MlxThread;
import dev.hbar.model.family.RopeReference;
import dev.hbar.monitor.generation.GenerationModel;
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
 * Memory while real samples are scored, then while a model is opened and closed again and again:
 * MLX's active and cached bytes, live arrays, and the process's resident size, threads and
 * descriptors (Linux), a line every few groups or openings, after a collection of the Java heap:
 * what is left is held. The first lines show the warm-up.
 */
public final class ScoreMemory {
  private static final int MAX_TOKENS = 20;
  private static final double ALPHA = 0.1;
  private static final int GROUPS_PER_LINE = 5;
  private static final int CYCLES_PER_LINE = 5;

  private ScoreMemory() {}

  /** Arguments: checkpoint, data file, number of records, number of openings. */
  public static void main(String[] arguments) throws IOException {
    score(arguments[0], Path.of(arguments[1]), Integer.parseInt(arguments[2]));
    int cycles = Integer.parseInt(arguments[3]);
    for (int cycle = 1; cycle <= cycles; cycle++) {
      try (GenerationModel model = GenerationModel.open(arguments[0])) {
        model.generate("The capital of France is");
      }
      if (cycle == 1 || cycle % CYCLES_PER_LINE == 0) {
        line(cycle + " openings");
      }
    }
  }

  private static void score(String checkpoint, Path data, int count) throws IOException {
    ScoringRequest request =
        new ScoringRequest(
            MAX_TOKENS, ALPHA, false, OptionalInt.empty(), List.of(), RopeReference.TRANSFORMERS);
    SampleSource slice = HaluEvalTask.QA.read(data, 0, OptionalInt.of(count));
    try (ScoringBackend.Session session =
            new MlxScoringBackend(System.getenv()).open(checkpoint, request);
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
    System.gc();
    System.out.printf(
        "%-12s active %.1f MB, cache %.1f MB, peak %.1f MB, live arrays %d, resident %.0f MB, threads %d, descriptors %d%n",
        when,
        memory[0].active() / 1e6,
        memory[0].cache() / 1e6,
        memory[0].peak() / 1e6,
        Mlx.liveArrays(),
        status("VmRSS:") * 1.024e-3,
        status("Threads:"),
        descriptors());
  }

  private static long status(String field) throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
      return lines
          .filter(line -> line.startsWith(field))
          .map(line -> line.replaceAll("\\D", ""))
          .mapToLong(Long::parseLong)
          .findFirst()
          .orElse(0);
    }
  }

  private static long descriptors() throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.count();
    }
  }
}
