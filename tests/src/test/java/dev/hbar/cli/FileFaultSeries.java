package dev.hbar.cli;

import dev.hbar.mlx.internal.FileFaults;
import dev.hbar.mlx.internal.FileFaults.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Commands that read below one folder and write below another, each once undisturbed and then again
 * and again with another of its calls to files failing, or all from one on, in a JVM into which
 * scripts/attack/file_faults.c is preloaded. After a failing call a file is whole or absent, a
 * score file has whole lines, no other file is there, the error is one line; and the same command
 * then gives what the undisturbed one gave. A single failing change may also cost nothing: exit
 * code 0 and the same files.
 */
public final class FileFaultSeries {
  private final FileFaults faults;
  private final Path in;
  private final Path out;
  private final int every;
  private long passed;
  private final List<String> problems = new ArrayList<>();

  private FileFaultSeries(FileFaults faults, Path in, Path out, int every) {
    this.faults = faults;
    this.in = in;
    this.out = out;
    this.every = every;
  }

  private record Run(int code, String err, long calls, Map<String, ByteBuffer> files) {}

  /** Library, folders to read and write, every how many calls, a file with a command a line. */
  public static void main(String[] args) throws IOException {
    Locale.setDefault(Locale.ROOT); // as Main does it
    FileFaultSeries series =
        new FileFaultSeries(
            new FileFaults(Path.of(args[0])),
            Path.of(args[1]),
            Path.of(args[2]),
            Integer.parseInt(args[3]));
    for (String line : Files.readAllLines(Path.of(args[4]))) {
      for (Kind kind : Kind.values()) {
        series.attack(line.split(" "), kind);
      }
    }
    series.problems.forEach(System.out::println);
    System.exit(series.problems.isEmpty() ? 0 : 1);
  }

  private void attack(String[] words, Kind kind) throws IOException {
    clear();
    Run whole = run(words, kind, 0);
    require(words, 0, whole.code() == 0, "undisturbed it ends with " + whole);
    int tried = 0;
    for (long n = 1; n <= whole.calls(); n++) {
      passed++;
      if (passed % every == 0) {
        attack(words, kind, n, whole);
        tried++;
      }
    }
    System.out.printf(
        "%s: %d of %d calls (%s) failed in turn%n", words[0], tried, whole.calls(), kind);
  }

  private void attack(String[] words, Kind kind, long n, Run whole) throws IOException {
    clear();
    Run failed = run(words, kind, n);
    if (kind == Kind.CHANGE && failed.code() == 0 && failed.files().equals(whole.files())) {
      return; // such as a note of the process's number beside a lock
    }
    String what = "(" + kind + ") ";
    require(words, n, failed.code() == 1, what + "exit code " + failed.code() + failed.err());
    String last = failed.err().lines().reduce("", (before, line) -> line);
    require(words, n, last.startsWith("hbar: "), what + "its last line is " + last);
    for (Map.Entry<String, ByteBuffer> file : failed.files().entrySet()) {
      requireWhole(words, n, file.getKey(), file.getValue(), whole);
    }
    Run again = run(words, kind, 0);
    require(words, n, again.code() == 0, "the same command again: " + again.err());
    require(words, n, again.files().equals(whole.files()), "other files by the same command");
  }

  private void requireWhole(String[] words, long n, String name, ByteBuffer bytes, Run whole) {
    ByteBuffer expected = whole.files().get(name);
    boolean isGoneOnWith = name.matches(".*\\.incomplete|states/shard-.*");
    require(words, n, expected != null || isGoneOnWith, "it leaves " + name);
    if (expected != null && name.endsWith(".jsonl") && bytes.limit() < expected.limit()) {
      boolean begins = expected.slice(0, bytes.limit()).equals(bytes);
      require(words, n, begins, name + " does not begin as the whole one");
    } else if (expected != null) {
      require(words, n, expected.equals(bytes), name + " is not whole");
    }
  }

  private void require(String[] words, long n, boolean holds, String problem) {
    if (!holds) {
      problems.add("call " + n + " of " + String.join(" ", words) + ": " + problem);
    }
  }

  private Run run(String[] words, Kind kind, long failing) throws IOException {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Environment environment =
        new Environment(
            System.getenv(),
            InputStream.nullInputStream(),
            new PrintStream(new ByteArrayOutputStream(), false, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Terminal.NONE,
            System::nanoTime);
    faults.watch(kind == Kind.READ ? in : out, kind, failing);
    int code = Main.run(words, environment);
    long counted = faults.calls();
    faults.stop();
    return new Run(code, err.toString(StandardCharsets.UTF_8), counted, files());
  }

  private Map<String, ByteBuffer> files() throws IOException {
    Map<String, ByteBuffer> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(out)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        files.put(out.relativize(file).toString(), ByteBuffer.wrap(Files.readAllBytes(file)));
      }
    }
    return files;
  }

  private void clear() throws IOException {
    Files.createDirectories(out);
    try (Stream<Path> all = Files.walk(out)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        if (!each.equals(out)) {
          Files.delete(each);
        }
      }
    }
  }
}
