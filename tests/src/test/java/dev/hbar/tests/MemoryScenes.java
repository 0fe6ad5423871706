package dev.hbar.tests;

import dev.hbar.mlx.Mlx;
import dev.hbar.mlx.MlxMemory;
import dev.hbar.mlx.MlxScope;
import dev.hbar.mlx.MlxThread;
import dev.hbar.model.family.CausalLm;
import dev.hbar.model.layer.KvCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Long runs for a child JVM with a heap of fixed size, whose resident memory then tells of native
 * leaks. Each scene throws when something grew.
 */
final class MemoryScenes {
  private static final double FLAT = 1.05;

  private MemoryScenes() {}

  @FunctionalInterface
  private interface Round {
    void run(int round) throws IOException;
  }

  public static void main(String[] scenes) throws Exception {
    MlxThread.call(
        () -> {
          switch (scenes[0]) {
            case "generations" -> generations();
            case "sessions" -> requireFlat(200, MemoryScenes::session);
            default -> throw new IllegalArgumentException(scenes[0]);
          }
          return null;
        });
  }

  /** 400 generations on one model: MLX holds afterwards what it held before. */
  private static void generations() throws IOException {
    try (CausalLm model = Loaded.model("llama_tied")) {
      long held = heldAfterClearing();
      requireFlat(400, round -> generate(model, round));
      require(heldAfterClearing() == held, "active + cache", held, heldAfterClearing());
    }
    require(Mlx.liveArrays() == 0, "live arrays", 0, Mlx.liveArrays());
    require(heldAfterClearing() == 0, "bytes after close", 0, heldAfterClearing());
  }

  private static void session(int round) throws IOException {
    try (CausalLm model = Loaded.model("llama_tied")) {
      generate(model, round);
    }
    require(Mlx.liveArrays() == 0, "live arrays", 0, Mlx.liveArrays());
  }

  private static void generate(CausalLm model, int round) {
    try (MlxScope run = model.openRun("generation")) {
      int[] prompt = Loaded.prompt(4 + round % 20, round);
      KvCache cache = Loaded.cache(model, run, List.of(prompt));
      Loaded.decoded(model, run, cache, List.of(prompt), 4, 0);
    }
  }

  /** The first half warms up; in the second nothing may grow. */
  private static void requireFlat(int rounds, Round round) throws IOException {
    for (int i = 0; i < rounds / 2; i++) {
      round.run(i);
    }
    int threads = count("task");
    int files = count("fd");
    long held = heldAfterClearing();
    Optional<Long> resident = residentKib();
    for (int i = rounds / 2; i < rounds; i++) {
      round.run(i);
    }
    require(count("task") <= threads, "threads", threads, count("task"));
    require(count("fd") <= files, "open files", files, count("fd"));
    require(heldAfterClearing() == held, "active + cache", held, heldAfterClearing());
    if (resident.isPresent()) {
      long after = residentKib().orElseThrow();
      System.out.println("resident KiB: " + resident.get() + " then " + after);
      require(after <= resident.get() * FLAT, "resident KiB", resident.get(), after);
    }
  }

  private static long heldAfterClearing() {
    MlxMemory.clearCache();
    return MlxMemory.snapshot().held();
  }

  /** Entries of a folder that Linux keeps about this process; 0 on other systems. */
  private static int count(String what) throws IOException {
    Path folder = Path.of("/proc/self", what);
    if (!Files.isDirectory(folder)) {
      return 0;
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return (int) entries.count();
    }
  }

  private static Optional<Long> residentKib() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.isReadable(status)) {
      return Optional.empty();
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .map(line -> Long.valueOf(line.replaceAll("\\D", "")))
        .findFirst();
  }

  private static void require(boolean holds, String what, long before, long after) {
    if (!holds) {
      throw new AssertionError(what + ": " + before + " before, " + after + " after");
    }
  }
}
