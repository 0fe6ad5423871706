package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Records, the command that scores them two at a time, and a look at how far it is. */
final class ScoredRecords {
  static final int TIMEOUT_SECONDS = 120;

  private ScoredRecords() {}

  /** Writes so many records. */
  static Path write(Path file, int records) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < records; i++) {
      lines.append(
          """
          {"knowledge":"River %d is %d km long.","question":"How long is it?","right_answer":"%d km","hallucinated_answer":"%d miles"}
          """
              .formatted(i, 40 + i, 40 + i, 90 + i));
    }
    return Files.writeString(file, lines);
  }

  /** The command on the real checkpoint. */
  static String[] score(Path data, Path out, String... more) {
    List<String> command =
        List.of(
            "score",
            RealCheckpoint.folder().toString(),
            "--data",
            data.toString(),
            "--task",
            "qa",
            "--batch",
            "2",
            "--max-tokens",
            "5",
            "--out",
            out.toString());
    return Stream.concat(command.stream(), Stream.of(more)).toArray(String[]::new);
  }

  static void awaitLines(Path file, int lines) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
    while (!Files.exists(file) || Files.readAllLines(file).size() < lines) {
      assertTrue(System.nanoTime() < deadline, "the run does not write");
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }
}
