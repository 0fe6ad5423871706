package dev.hbar.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What convert refuses before it opens anything. */
final class ConvertCommandTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --bits 7                       | --bits must be one of [2, 3, 4, 5, 6, 8] for --mode affine, found 7
          --group-size 48                | --group-size must be one of [32, 64, 128] for --mode affine, found 48
          --mode mxfp4 --group-size 64   | --group-size must be one of [32] for --mode mxfp4, found 64
          --mode mxfp8 --bits 4          | --bits must be one of [8] for --mode mxfp8, found 4
          --mode gguf                    | 'gguf' is none of affine, mxfp4, mxfp8, nvfp4
          --dtype int8                   | --dtype
          """)
  void wrongNumbers_areWrongUsage(String options, String expected) {
    CommandRun run =
        CommandRun.of(
            ("convert " + folder + " --out " + folder.resolve("out") + " " + options).split(" +"));
    assertEquals(ExitCodes.USAGE, run.code());
    assertEquals(1, run.err().lines().count(), run.err());
    assertTrue(run.err().contains(expected), run.err());
  }

  @Test
  void packedGguf_isConvertedInTwoSteps() throws IOException {
    Path source = Files.writeString(folder.resolve("model.gguf"), "GGUF");
    CommandRun run =
        CommandRun.of(
            "convert", source.toString(), "--out", folder.resolve("out").toString(), "--bits", "4");
    assertEquals(ExitCodes.USAGE, run.code());
    assertEquals(1, run.err().lines().count(), run.err());
    assertTrue(run.err().contains("then convert the folder"), run.err());
  }

  @Test
  void missingSource_isWrongUsage() {
    CommandRun run =
        CommandRun.of(
            "convert",
            folder.resolve("nothing").toString(),
            "--out",
            folder.resolve("out").toString());
    assertEquals(ExitCodes.USAGE, run.code());
    assertTrue(run.err().contains("no such folder"), run.err());
  }
}
