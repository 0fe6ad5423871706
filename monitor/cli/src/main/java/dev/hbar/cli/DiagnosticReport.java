package dev.hbar.cli;

import dev.hbar.mlx.Device;
import dev.hbar.mlx.Mlx;
import dev.hbar.mlx.MlxMemory;
import dev.hbar.mlx.MlxThread;
import dev.hbar.mlx.SelfTest;
import dev.hbar.model.checkpoint.MemoryLimit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * All that somebody far away needs to find out why hbar does not run, or not fast, on this machine,
 * as one text. It holds no token, no name of user or host, and no path of their home.
 */
final class DiagnosticReport {
  private static final int LOG_LINES = 40;
  private static final int SECONDS = 20;

  /** Names that change how hbar, MLX or the loader behave; no other variable is looked at. */
  private static final Pattern VARIABLES =
      Pattern.compile(
          "HBAR_[A-Z_]+|HF_HOME|HF_HUB_CACHE|HF_HUB_OFFLINE|JAVA_HOME|JAVA_TOOL_OPTIONS|JDK_JAVA_OPTIONS"
              + "|DYLD_[A-Z_]+|LD_LIBRARY_PATH|MLX_[A-Z_]+|MTL_[A-Z_]+|METAL_[A-Z_]+|OMP_NUM_THREADS"
              + "|OPENBLAS_[A-Z_]+|CUDA_[A-Z_]+|LANG|LC_ALL|TERM");

  private final StringBuilder text = new StringBuilder();
  private final Map<String, String> environment;

  private DiagnosticReport(Map<String, String> environment) {
    this.environment = environment;
  }

  /** The whole text. */
  static String of(List<DoctorCommand.Finding> findings, Map<String, String> environment) {
    DiagnosticReport report = new DiagnosticReport(environment);
    report.text.append(String.join("\n", new Main.Version().getVersion())).append('\n');
    report.checks(findings);
    report.system();
    report.java();
    if (Mlx.unavailable().isEmpty()) {
      report.mlx();
      report.selfTest();
    }
    report.libraries();
    report.variables();
    report.logs();
    return new Redaction(System.getProperties(), environment).of(report.text.toString());
  }

  private void section(String title) {
    text.append("\n== ").append(title).append('\n');
  }

  private void line(String name, Object value) {
    text.append(name).append(": ").append(value).append('\n');
  }

  private void checks(List<DoctorCommand.Finding> findings) {
    section("checks");
    for (DoctorCommand.Finding finding : findings) {
      String remedy = finding.ok() ? "" : " -> " + finding.remedy();
      line((finding.ok() ? "ok   " : "FAIL ") + finding.what(), finding.found() + remedy);
    }
  }

  private void system() {
    section("system");
    for (String name : List.of("os.name", "os.version", "os.arch")) {
      line(name, System.getProperty(name));
    }
    line("processors", Runtime.getRuntime().availableProcessors());
    if (isMac()) {
      command("sw_vers");
      command("sysctl", "machdep.cpu.brand_string", "hw.memsize", "hw.optional.arm64");
      command("sysctl", "iogpu.wired_limit_mb", "kern.osproductversion", "sysctl.proc_translated");
      command("xcode-select", "-p");
      command("system_profiler", "-detailLevel", "mini", "SPDisplaysDataType");
    } else {
      command("uname", "-mrs");
      command("ldd", "--version");
    }
  }

  private static boolean isMac() {
    return System.getProperty("os.name").startsWith("Mac");
  }

  private void java() {
    section("java");
    for (String name : List.of("java.version", "java.vendor", "java.vm.version", "java.home")) {
      line(name, System.getProperty(name));
    }
    line("options", ManagementFactory.getRuntimeMXBean().getInputArguments());
    line("heap, bytes", Runtime.getRuntime().maxMemory());
  }

  private void mlx() {
    section("mlx");
    line("version", Mlx.version() + ", wanted " + Mlx.minimumVersion() + " or newer");
    line("mlx-c", Mlx.mlxcVersion());
    line("folder", Mlx.libraryFolder());
    line("metal", Mlx.hasMetal());
    line("metallib", Mlx.metallib().orElse("beside its library"));
    line("cuda", Mlx.hasCuda());
    line("default device", Mlx.device());
    for (Device device : Device.values()) {
      line(device + " devices", Mlx.deviceCount(device));
      if (Mlx.isAvailable(device)) {
        new TreeMap<>(Mlx.deviceInfo(device)).forEach((name, value) -> line("  " + name, value));
      }
    }
    line("memory that models may plan for, bytes", MemoryLimit.bytes());
    MlxThread.run(
        () -> {
          line("MLX's memory limit, bytes", MlxMemory.limit());
          line("MLX's memory", MlxMemory.snapshot());
        });
  }

  private void selfTest() {
    section("self-test");
    for (SelfTest.Check check : SelfTest.run()) {
      line((check.ok() ? "ok   " : "FAIL ") + check.name(), check.detail());
    }
  }

  /** What the native libraries are, and what each asks the loader for. */
  private void libraries() {
    section("native libraries");
    Path libraries = home().resolve("native");
    for (Path folder : folders(libraries)) {
      for (Path file : files(folder, ".*\\.(dylib|so|metallib|sha256)")) {
        line(file.toString(), size(file));
      }
    }
    boolean tools = !isMac() || succeeds("xcode-select", "-p");
    for (Path folder : folders(libraries)) {
      for (Path library : files(folder, "libmlx.*\\.(dylib|so)")) {
        if (!tools) {
          line(library.toString(), "its load commands need the Command Line Tools: not there");
        } else if (isMac()) {
          command("otool", "-L", library.toString());
          command("otool", "-l", library.toString());
          command("codesign", "-dv", library.toString());
        } else {
          command("ldd", library.toString());
        }
      }
    }
  }

  private Path home() {
    return Path.of(
        environment.getOrDefault(
            "HBAR_HOME", Path.of(System.getProperty("hbar.root", "."), ".hbar").toString()));
  }

  private static List<Path> folders(Path parent) {
    List<Path> all = new ArrayList<>();
    try (Stream<Path> found = Files.find(parent, 3, (path, kind) -> kind.isDirectory())) {
      found.sorted().forEach(all::add);
    } catch (IOException | UncheckedIOException none) {
      all.clear();
    }
    return all;
  }

  private static List<Path> files(Path folder, String pattern) {
    try (Stream<Path> found = Files.list(folder)) {
      return found
          .filter(file -> file.getFileName().toString().matches(pattern))
          .filter(Files::isRegularFile)
          .sorted()
          .toList();
    } catch (IOException | UncheckedIOException none) {
      return List.of();
    }
  }

  private static String size(Path file) {
    try {
      return Files.size(file) + " bytes";
    } catch (IOException gone) {
      return "cannot be read";
    }
  }

  private void variables() {
    section("environment");
    new TreeMap<>(environment)
        .forEach(
            (name, value) -> {
              if (VARIABLES.matcher(name).matches() && !name.contains("TOKEN")) {
                line(name, value);
              }
            });
  }

  private void logs() {
    for (Path log : files(home().resolve("logs"), ".*\\.(log|note)")) {
      section("log " + log.getFileName());
      try {
        List<String> lines = Files.readString(log, StandardCharsets.ISO_8859_1).lines().toList();
        lines
            .subList(Math.max(0, lines.size() - LOG_LINES), lines.size())
            .forEach(one -> text.append(one).append('\n'));
      } catch (IOException gone) {
        text.append("cannot be read\n");
      }
    }
  }

  private void command(String... words) {
    text.append("$ ").append(String.join(" ", words)).append('\n').append(output(words));
  }

  private static boolean succeeds(String... words) {
    return !output(words).contains("cannot be run") && !output(words).contains("ended with");
  }

  /** What a command prints; it may be missing, fail or hang. */
  private static String output(String... words) {
    try {
      Path file = Files.createTempFile("hbar-report", ".txt");
      try {
        ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
        Process process = builder.redirectOutput(file.toFile()).start();
        process.getOutputStream().close();
        if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
          process.destroyForcibly();
          return "no end after " + SECONDS + " s\n";
        }
        String end = process.exitValue() == 0 ? "" : "ended with " + process.exitValue() + "\n";
        return Files.readString(file, StandardCharsets.ISO_8859_1) + end;
      } finally {
        Files.delete(file);
      }
    } catch (IOException missing) {
      return "cannot be run\n";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted\n";
    }
  }
}
