package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What every failure of the command line looks like. */
final class OneLineError {
  private static final String NOTICE = "model ";

  private OneLineError() {}

  /** The exit code, one error line with the words in it, no trace, and no crash file. */
  static void require(Path folder, int code, List<String> words, ProgramRun run)
      throws IOException {
    assertEquals(code, run.code(), run.err());
    List<String> lines = run.err().lines().filter(line -> !line.startsWith(NOTICE)).toList();
    assertEquals(1, lines.size(), run.err());
    String line = lines.getFirst();
    assertTrue(line.startsWith("hbar: "), line);
    assertTrue(!line.contains("internal error"), line);
    for (String word : words) {
      assertTrue(line.contains(word), line + " lacks " + word);
    }
    try (Stream<Path> files = Files.list(folder)) {
      assertTrue(files.noneMatch(file -> file.toString().contains("hs_err")), "the JVM crashed");
    }
  }
}
