package dev.hbar.mlx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Runs a main class in a JVM of its own, where a native crash is a result and not the end of the
 * tests. Core files are off, and a crash report would land in the given folder.
 */
public final class ChildJvm {
  private static final int LIMIT_SECONDS = 60;

  private final Path folder;
  private final List<String> options;
  private final Map<String, String> environment;

  private ChildJvm(Path folder, List<String> options, Map<String, String> environment) {
    this.folder = folder;
    this.options = options;
    this.environment = environment;
  }

  /**
   * What a child left behind.
   *
   * @param output standard output and error, as they came
   * @param crashReports names of hs_err files
   */
  public record Result(int exitCode, String output, List<String> crashReports) {
    /** The end of a JVM that did not crash. */
    public void requireExit(int wanted) {
      if (exitCode != wanted || !crashReports.isEmpty()) {
        throw new AssertionError(
            "exit code %d (wanted %d), crash reports %s, said:%n%s"
                .formatted(exitCode, wanted, crashReports, output));
      }
    }
  }

  /** A child that keeps its files in {@code folder}, an empty one. */
  public static ChildJvm in(Path folder) {
    return new ChildJvm(folder, List.of("--enable-native-access=ALL-UNNAMED"), Map.of());
  }

  /** The same with other options for the JVM than the one that allows native access. */
  public ChildJvm with(String... jvmOptions) {
    return new ChildJvm(folder, List.of(jvmOptions), environment);
  }

  /** The same with these variables added to its environment. */
  public ChildJvm withEnvironment(Map<String, String> variables) {
    return new ChildJvm(folder, options, variables);
  }

  /** Runs {@code main} on this JVM's class path and waits for its end. */
  public Result run(Class<?> main, String... arguments) throws IOException, InterruptedException {
    Path output = folder.resolve("output");
    ProcessBuilder builder = new ProcessBuilder(command(main, arguments));
    builder.environment().putAll(environment);
    Process child = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    if (!child.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      child.destroyForcibly().waitFor();
    }
    return new Result(child.exitValue(), Files.readString(output), crashReports());
  }

  private List<String> command(Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx512m",
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            "-XX:-CreateCoredumpOnCrash",
            "-XX:ErrorFile=" + folder.resolve("hs_err_%p.log"),
            "-Dhbar.root=" + System.getProperty("hbar.root")));
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    return command;
  }

  private List<String> crashReports() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(f -> f.getFileName().toString())
          .filter(n -> n.startsWith("hs_err"))
          .toList();
    }
  }
}
