package dev.hbar.tests;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The command line as a process of its own.
 *
 * @param code exit code
 */
record ProgramRun(int code, String out, String err) {
  private static final int TIMEOUT_SECONDS = 120;

  /** Runs {@code hbar ARGUMENTS} with a text on stdin; stdout and stderr are files in a folder. */
  static ProgramRun of(Path folder, String stdin, String... arguments)
      throws IOException, InterruptedException {
    return of(folder, stdin, Map.of(), arguments);
  }

  /** The same with further environment variables. */
  static ProgramRun of(
      Path folder, String stdin, Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    Path out = folder.resolve("out.txt");
    Path err = folder.resolve("err.txt");
    ProcessBuilder builder =
        new ProcessBuilder(command(arguments))
            .directory(folder.toFile())
            .redirectInput(Files.writeString(folder.resolve("in.txt"), stdin).toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException("no end after " + TIMEOUT_SECONDS + " s");
      }
    } finally {
      process.destroyForcibly();
    }
    return new ProgramRun(process.exitValue(), read(out), read(err));
  }

  /** The command that starts the program with this test's own class path. */
  static List<String> command(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "-XX:-CreateCoredumpOnCrash",
            "-XX:-PrintWarnings",
            "-XX:TieredStopAtLevel=1"));
    command.add("-Dhbar.root=" + System.getProperty("hbar.root"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.hbar.cli.Main"));
    command.addAll(List.of(arguments));
    return command;
  }

  private static String read(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8);
  }
}
