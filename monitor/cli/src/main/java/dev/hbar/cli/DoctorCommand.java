package dev.hbar.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.management.OperatingSystemMXBean;
import dev.hbar.mlx.Device;
import dev.hbar.mlx.ErrorText;
import dev.hbar.mlx.Installation;
import dev.hbar.mlx.LibraryHashes;
import dev.hbar.mlx.Mlx;
import dev.hbar.mlx.MlxMemory;
import dev.hbar.mlx.MlxThread;
import dev.hbar.mlx.SelfTest;
import dev.hbar.model.checkpoint.CheckpointException;
import dev.hbar.model.checkpoint.HuggingFaceCache;
import dev.hbar.model.checkpoint.MemoryLimit;
import dev.hbar.model.io.Json;
import dev.hbar.model.io.WholeFile;
import dev.hbar.model.tokenizer.Tokenizer;
import dev.hbar.study.report.TextTable;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code hbar doctor}: whether this machine can run hbar, and what to do where it cannot. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = {
      "Check JDK, native libraries, device, memory and the self-test of MLX.",
      "",
      "Exits with 3 if a check does not hold.",
      ""
    },
    footer = {"", "Example:", "  hbar doctor --report report.txt"})
final class DoctorCommand implements Callable<Integer> {
  private final Environment environment;
  @Mixin private final Output output;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description =
          "Write all that helps to find a fault from afar, to send it with a question: versions, "
              + "libraries and what they load, device, limits, self-test, logs. No names, no tokens.")
  private Optional<Path> report = Optional.empty();

  DoctorCommand(Environment environment) {
    this.environment = environment;
    this.output = new Output(environment);
  }

  @Override
  public Integer call() {
    List<Finding> findings = Diagnosis.make(environment.variables());
    if (report.isPresent()) {
      write(report.get(), DiagnosticReport.of(findings, environment.variables()));
      environment.err().println("wrote " + report.get() + "; read it before you send it");
    }
    output.print(() -> json(findings), () -> table(findings));
    long failed = findings.stream().filter(finding -> !finding.ok()).count();
    if (failed == 0) {
      return ExitCodes.OK;
    }
    environment
        .err()
        .printf("hbar: %s of %s checks do not hold, see above%n", failed, findings.size());
    return ExitCodes.CHECK_DID_NOT_HOLD;
  }

  private static void write(Path file, String text) {
    try {
      WholeFile.write(file, text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new CommandException(
          "%s cannot be written (%s); choose another path".formatted(file, ErrorText.reason(e)));
    }
  }

  private static String table(List<Finding> findings) {
    TextTable table = new TextTable();
    for (Finding finding : findings) {
      String found = finding.ok() ? finding.found() : finding.found() + " -> " + finding.remedy();
      table.add(finding.ok() ? "ok" : "FAIL", finding.what(), found);
    }
    return table.render();
  }

  /** {"ok", "checks": [{"check", "ok", "found", "remedy"}]}. */
  private static String json(List<Finding> findings) {
    ObjectNode root = Json.MAPPER.createObjectNode();
    root.put("ok", findings.stream().allMatch(Finding::ok));
    for (Finding finding : findings) {
      root.withArrayProperty("checks")
          .addObject()
          .put("check", finding.what())
          .put("ok", finding.ok())
          .put("found", finding.found())
          .put("remedy", finding.remedy());
    }
    return root.toPrettyString();
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

  /** What this machine has of all that hbar needs. Nothing is changed, no model is opened. */
  static final class Diagnosis {
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
          "device",
          mac && Mlx.device() == Device.CPU ? name + ", no Metal device is visible" : name);
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
          ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
              .getTotalMemorySize();
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
  }
}
