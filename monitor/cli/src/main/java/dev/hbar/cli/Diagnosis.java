package dev.hbar.cli;

import com.sun.management.OperatingSystemMXBean;
import dev.hbar.mlx.Device;
import dev.hbar.mlx.Installation;
import dev.hbar.mlx.LibraryHashes;
import dev.hbar.mlx.Mlx;
import dev.hbar.mlx.MlxMemory;
import dev.hbar.mlx.MlxThread;
import dev.hbar.mlx.SelfTest;
import dev.hbar.model.checkpoint.CheckpointException;
import dev.hbar.model.checkpoint.HuggingFaceCache;
import dev.hbar.model.checkpoint.MemoryLimit;
import dev.hbar.model.tokenizer.Tokenizer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What this machine has of all that hbar needs. Nothing is changed, no model is opened. */
final class Diagnosis {
  private static final int JDK_WANTED = 25;
  private static final long GIB = 1L << 30;
  private static final long LEAST_MEMORY = 2 * GIB;
  private static final String SET_UP = Installation.current().remedy();

  private Diagnosis() {}

  /** Everything that can be found out; what depends on a missing library is left out. */
  static List<Finding> make(Map<String, String> environment) {
    List<Finding> findings = new ArrayList<>();
    findings.add(jdk());
    Optional<String> noMlx = Mlx.unavailable();
    findings.add(noMlx.map(Diagnosis::noLibrary).orElseGet(Diagnosis::library));
    if (noMlx.isEmpty()) {
      findings.add(device());
      findings.addAll(selfTest());
      findings.add(nativeHashes());
    }
    findings.add(memory(noMlx.isEmpty()));
    findings.add(tokenizers());
    findings.add(cache(environment));
    return findings;
  }

  private static Finding jdk() {
    int feature = Runtime.version().feature();
    String found =
        "%s (%s, %s), wanted %s or newer"
            .formatted(
                Runtime.version(),
                System.getProperty("java.vendor"),
                System.getProperty("os.arch"),
                JDK_WANTED);
    return feature >= JDK_WANTED
        ? Finding.good("JDK", found)
        : Finding.bad("JDK", found, "install a JDK " + JDK_WANTED + " and set JAVA_HOME");
  }

  /** The reason holds the way out already. */
  private static Finding noLibrary(String reason) {
    return Finding.bad("native libraries", reason, SET_UP);
  }

  private static Finding library() {
    return Finding.good(
        "native libraries",
        "MLX %s (wanted %s or newer), mlx-c %s (wanted %s), in %s"
            .formatted(
                Mlx.version(),
                Mlx.minimumVersion(),
                Mlx.mlxcVersion(),
                Mlx.mlxcVersion(),
                Mlx.libraryFolder()));
  }

  /** Set-up writes down what it built; another file in its place is another program. */
  private static Finding nativeHashes() {
    try {
      List<String> changed = LibraryHashes.changed(Mlx.libraryFolder());
      return changed.isEmpty()
          ? Finding.good("native hashes", "the libraries are those that set-up wrote")
          : Finding.bad("native hashes", "changed since set-up: " + changed, SET_UP);
    } catch (IOException none) {
      return Finding.good("native hashes", "not written down by set-up, so not compared");
    }
  }

  private static Finding device() {
    boolean mac = System.getProperty("os.name").startsWith("Mac");
    String name = Mlx.device().name().toLowerCase(Locale.ROOT);
    return Finding.good(
        "device", mac && Mlx.device() == Device.CPU ? name + ", no Metal device is visible" : name);
  }

  private static List<Finding> selfTest() {
    long start = System.nanoTime();
    List<SelfTest.Check> checks = SelfTest.run();
    long millis = (System.nanoTime() - start) / 1_000_000;
    List<Finding> failed =
        checks.stream()
            .filter(check -> !check.ok())
            .map(check -> Finding.bad("self-test", check.name() + ": " + check.detail(), SET_UP))
            .toList();
    return failed.isEmpty()
        ? List.of(
            Finding.good("self-test", "%s checks hold, %s ms".formatted(checks.size(), millis)))
        : failed;
  }

  private static Finding memory(boolean mlx) {
    long total =
        ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getTotalMemorySize();
    StringBuilder found = new StringBuilder();
    found.append(
        "%s, models may plan for %s".formatted(gibibytes(total), gibibytes(MemoryLimit.bytes())));
    if (mlx) {
      MlxThread.run(() -> found.append(", MLX's limit " + gibibytes(MlxMemory.limit())));
    }
    return total >= LEAST_MEMORY
        ? Finding.good("memory", found.toString())
        : Finding.bad("memory", found.toString(), "give it at least " + gibibytes(LEAST_MEMORY));
  }

  private static Finding tokenizers() {
    try {
      return Finding.good("tokenizers library", Tokenizer.nativeLibrary().toString());
    } catch (CheckpointException missing) {
      return Finding.bad("tokenizers library", missing.getMessage(), SET_UP);
    }
  }

  private static Finding cache(Map<String, String> environment) {
    Path hub = HuggingFaceCache.of(environment).hub();
    if (Files.exists(hub) && !(Files.isDirectory(hub) && Files.isReadable(hub))) {
      return Finding.bad(
          "Hugging Face cache", hub + " is not a readable folder", "set HF_HUB_CACHE to another");
    }
    return Finding.good(
        "Hugging Face cache", hub + (Files.exists(hub) ? "" : ", not there yet; none is needed"));
  }

  private static String gibibytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f GiB", bytes / (double) GIB);
  }

  /**
   * What doctor found out about one thing.
   *
   * @param found what is there, on one line
   * @param remedy what to do; empty when all is well
   */
  record Finding(String what, boolean ok, String found, String remedy) {
    static Finding good(String what, String found) {
      return new Finding(what, true, found, "");
    }

    static Finding bad(String what, String found, String remedy) {
      return new Finding(what, false, found, remedy);
    }
  }
}
