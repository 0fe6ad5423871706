package dev.hbar.mlx;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Whether the loaded library computes what these bindings mean: mlx-c has no stable ABI, and a
 * wrong pairing shifts arguments silently. Every operation is compared with plain Java on numbers
 * small enough to do by hand. Takes a few milliseconds once the calls are linked, most of which a
 * model needs as well.
 */
public final class SelfTest {
  private static boolean passed;

  private SelfTest() {}

  /**
   * One comparison.
   *
   * @param detail what was found, on one line; empty when it is as it should be
   */
  public record Check(String name, boolean ok, String detail) {}

  /**
   * Runs all checks, whatever fails. Any thread.
   *
   * @throws MlxUnavailableException if MLX cannot be loaded at all
   */
  public static List<Check> run() {
    List<Check> checks = new ArrayList<>();
    MlxThread.run(() -> runAll(checks));
    return List.copyOf(checks);
  }

  /**
   * Passes or refuses, once for the process. Any thread.
   *
   * @throws MlxUnavailableException naming the first check that failed
   */
  public static void requirePassed() {
    MlxThread.run(
        () -> {
          if (!passed) {
            run().stream().filter(check -> !check.ok()).findFirst().ifPresent(SelfTest::refuse);
            passed = true;
          }
        });
  }

  private static void refuse(Check failed) {
    String where = "MLX " + Mlx.version() + " in " + Mlx.libraryFolder();
    String check = " fails its self-test (" + failed.name() + ": " + failed.detail() + "); ";
    throw new MlxUnavailableException(where + check + Installation.current().remedy());
  }

  private static void runAll(List<Check> checks) {
    long liveBefore = Mlx.liveArrays();
    long activeBefore = MlxMemory.snapshot().active();
    checks.add(check("matmul", GoldenOps::matmul));
    checks.add(check("rms_norm", GoldenOps::rmsNorm));
    checks.add(check("rope, one token at an offset", GoldenOps::ropeAtOffset));
    checks.add(check("rope, an offset for each row", GoldenOps::ropeWithRowOffsets));
    checks.add(check("attention, causal with a cache", GoldenOps::causalAttention));
    checks.add(check("attention, additive mask", GoldenOps::maskedAttention));
    checks.add(check("quantized matmul", GoldenOps::quantizedMatmul));
    checks.add(check("float16 mean in float32", GoldenOps::meanOfHalves));
    checks.add(check("errors come back as text", GoldenOps::errorText));
    // Waits for the stream: a GPU gives buffers back when its commands have ended.
    MlxMemory.clearCache();
    checks.add(baseline("live arrays", liveBefore, Mlx.liveArrays()));
    checks.add(baseline("active memory", activeBefore, MlxMemory.snapshot().active()));
  }

  private static Check check(String name, Consumer<MlxScope> golden) {
    Optional<String> fault = Optional.empty();
    try (MlxScope scope = MlxScope.open("self-test")) {
      golden.accept(scope);
    } catch (GoldenOps.Deviation | MlxException | IllegalArgumentException wrong) {
      fault = Optional.of(ErrorText.oneLine(String.valueOf(wrong.getMessage())));
    }
    return new Check(name, fault.isEmpty(), fault.orElse(""));
  }

  private static Check baseline(String name, long before, long after) {
    String detail = "%s before, %s after".formatted(before, after);
    return new Check(name, before == after, before == after ? "" : detail);
  }
}
