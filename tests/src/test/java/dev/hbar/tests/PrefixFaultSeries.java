package dev.hbar.tests;

import dev.hbar.mlx.Mlx;
import dev.hbar.mlx.internal.FileFaults;
import dev.hbar.mlx.internal.FileFaults.Kind;
import dev.hbar.model.decode.PrefixFolder;
import dev.hbar.model.io.Sha256;
import dev.hbar.monitor.generation.GeneratedToken;
import dev.hbar.monitor.generation.GenerationBatch;
import dev.hbar.monitor.generation.GenerationModel;
import dev.hbar.monitor.generation.GenerationResult;
import dev.hbar.monitor.generation.GenerationSettings;
import dev.hbar.monitor.generation.TokenListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The files in which {@code serve --cache-dir} keeps prefixes, while calls to them fail, in a JVM
 * into which scripts/attack/file_faults.c is preloaded. A failing call costs no answer and no token
 * of it, leaves no file that is not whole and no array, and the next answer keeps its prefix.
 */
public final class PrefixFaultSeries {
  private static final GenerationSettings FOUR = GenerationSettings.builder().maxTokens(4).build();
  private static final int[] PROMPT = IntStream.rangeClosed(3, 40).toArray();

  private final FileFaults faults;
  private final GenerationModel model;
  private final Path kept;
  private final List<String> notes = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();
  private final int[] alone;
  private final long arrays;

  private PrefixFaultSeries(FileFaults faults, GenerationModel model, Path kept) {
    this.faults = faults;
    this.model = model;
    this.kept = kept;
    this.alone = ids(model.generate(PROMPT, FOUR, TokenListener.NONE));
    this.arrays = Mlx.liveArrays();
  }

  /** Library, checkpoint, folder for the files. */
  public static void main(String[] args) throws IOException {
    List<String> problems;
    try (GenerationModel model = GenerationModel.open(args[1])) {
      FileFaults faults = new FileFaults(Path.of(args[0]));
      PrefixFaultSeries series = new PrefixFaultSeries(faults, model, Path.of(args[2]));
      for (Kind kind : Kind.values()) {
        series.attack(kind);
      }
      problems = series.problems;
    }
    problems.forEach(System.out::println);
    System.exit(problems.isEmpty() ? 0 : 1);
  }

  private void attack(Kind kind) throws IOException {
    long calls = attack(kind, 0);
    for (long n = 1; n <= calls; n++) {
      attack(kind, n);
    }
    System.out.printf("kept prefixes: %d calls (%s) failed in turn%n", calls, kind);
  }

  /** Answers while the n-th call fails, and once more; how many calls there were. */
  private long attack(Kind kind, long n) throws IOException {
    clear();
    if (kind == Kind.READ) {
      answer();
    }
    notes.clear();
    faults.watch(kept, kind, n);
    int[] disturbed = answer();
    long calls = faults.calls();
    faults.stop();
    require(kind, n, Arrays.equals(alone, disturbed), "other tokens");
    require(kind, n, notes.size() == (n == 0 ? 0 : 1), "notes " + notes);
    for (Path file : files()) {
      require(kind, n, isWhole(file), "it leaves " + file);
    }
    int[] after = answer();
    require(kind, n, Arrays.equals(alone, after), "other tokens afterwards");
    require(kind, n, Mlx.liveArrays() == arrays, "arrays are left");
    List<Path> files = files();
    require(kind, n, files.size() == 1 && isWhole(files.getFirst()), "files " + files);
    return calls;
  }

  /** As a server that starts, answers and ends. */
  private int[] answer() {
    PrefixFolder.Place place = new PrefixFolder.Place(kept, 1 << 30, notes::add);
    try (GenerationBatch batch = new GenerationBatch(model, 2, Optional.of(place))) {
      return ids(batch.start(PROMPT, FOUR).run(TokenListener.NONE));
    }
  }

  private static int[] ids(GenerationResult result) {
    return result.tokens().stream().mapToInt(GeneratedToken::id).toArray();
  }

  private static boolean isWhole(Path file) throws IOException {
    return file.getFileName().toString().equals(Sha256.hex(file) + ".safetensors");
  }

  private void require(Kind kind, long n, boolean holds, String problem) {
    if (!holds) {
      problems.add("kept prefixes, call %d (%s): %s".formatted(n, kind, problem));
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(kept)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  private void clear() throws IOException {
    Files.createDirectories(kept);
    for (Path file : files()) {
      Files.delete(file);
    }
  }
}
