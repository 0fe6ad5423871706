package dev.hbar.mlx;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.spi.ToolProvider;

/**
 * What a coverage-guided fuzzer calls (scripts/attack/fuzz): the reader that a test gives {@link
 * Mutants#refused}, with bytes that the fuzzer makes instead of seeded damage. The test is started
 * on a thread of its own and waits, with all that it has prepared, while the fuzzer works.
 */
public final class FuzzTarget {
  private static final int SEEDS = 100;

  private static CompletableFuture<FuzzTarget> taken;
  private static int calls;

  private final Path file;
  private final Mutants.Reader reader;

  private FuzzTarget(Path file, Mutants.Reader reader) {
    this.file = file;
    this.reader = reader;
  }

  /** Keeps the reader of the wanted call; the calling test never goes on then. */
  static void take(Path file, Mutants.Reader reader) {
    if (taken != null && calls-- == 0) {
      taken.complete(new FuzzTarget(file, reader));
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Called once before fuzzing.
   *
   * @param arguments a test method as CLASS#METHOD, with the types of its parameters, which of its
   *     calls of Mutants is meant, from 0, and a folder for the sound file and some damaged ones
   */
  public static void fuzzerInitialize(String[] arguments) throws IOException {
    taken = new CompletableFuture<>();
    calls = Integer.parseInt(arguments[1]);
    PrintWriter err = new PrintWriter(System.err, true);
    ToolProvider junit = ToolProvider.findFirst("junit").orElseThrow();
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              try {
                junit.run(err, err, "execute", "--details=none", "--select-method=" + arguments[0]);
              } finally {
                // Also where the fuzzer itself ends the thread, which no test catches.
                taken.completeExceptionally(
                    new IllegalArgumentException(arguments[0] + " does not damage so many files"));
              }
            });
    FuzzTarget target = taken.join();
    Path seeds = Files.createDirectories(Path.of(arguments[2], "seeds"));
    byte[] sound = Files.readAllBytes(target.file);
    Files.write(seeds.resolve("sound"), sound);
    for (int seed = 0; seed < SEEDS; seed++) {
      Files.write(seeds.resolve("seed" + seed), Mutants.of(sound, sound.length, seed));
    }
  }

  /** Called with the bytes of each file. */
  public static void fuzzerTestOneInput(byte[] bytes) throws IOException {
    FuzzTarget target = taken.join();
    Files.write(target.file, bytes);
    Mutants.refusal(target.file, target.reader)
        .filter(fault -> !fault.isEmpty())
        .ifPresent(
            fault -> {
              throw new AssertionError("a damaged file" + fault);
            });
  }
}
