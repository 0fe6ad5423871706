package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The program in surroundings that once ended, blocked or fooled it. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class HostileInputTest {
  private static final String SCORES =
      """
      {"header":{"checkpoint":"tiny\\u001b[2J","checkpoint_sha256":"a1","data_sha256":{"qa":"d1"},\
      "protocol":"p","selection":{"task":"qa","skip":0,"records":1},"settings":{"max_tokens":20,\
      "alpha":0.1,"per_token":false,"group_size":4,"compute":"cpu","signals":[]},"versions":{}}}
      {"id":"qa_0_cor","label":0,"status":"error","error":"bad \\u001b]0;x\\u0007 sample"}
      """;

  @TempDir private Path folder;

  /** Runs the program behind a line of shell, in which "$@" is the program and its arguments. */
  private ProgramRun behind(String shell, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("/bin/bash", "-c", shell, "bash"));
    command.addAll(ProgramRun.command(arguments));
    // Small reserves, as scripts/hbar sets them.
    command.addAll(
        command.indexOf("-XX:-PrintWarnings"),
        List.of("-Xmx1g", "-XX:CompressedClassSpaceSize=128m", "-XX:ReservedCodeCacheSize=128m"));
    Path out = folder.resolve("out.txt");
    Path err = folder.resolve("err.txt");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    try {
      assertTrue(process.waitFor(120, TimeUnit.SECONDS), "it hangs");
    } finally {
      process.destroyForcibly();
    }
    String text = new String(Files.readAllBytes(out), StandardCharsets.UTF_8);
    return new ProgramRun(process.exitValue(), text, Files.readString(err));
  }

  private static void requireLinux() {
    assumeTrue(Files.exists(Path.of("/dev/full")), "only Linux has /dev/full");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"$@\" > /dev/full", "\"$@\" >&-"})
  void outputThatIsLost_isExitOneInOneLine(String shell) throws Exception {
    requireLinux();
    Path scores = Files.writeString(folder.resolve("scores.jsonl"), SCORES);
    for (String[] arguments :
        List.of(
            new String[] {"summary", scores.toString(), "--json"},
            new String[] {"--version"},
            new String[] {"summary", "--help"})) {
      OneLineError.require(folder, 1, List.of("written whole"), behind(shell, arguments));
    }
  }

  @Test
  void logFileThatDoesNotFit_isSaid() throws Exception {
    requireLinux();
    Files.write(folder.resolve("hbar.log"), new byte[1024]);
    String shell = "(ulimit -f 1; exec \"$@\" 2>&1) | cat >&2; exit ${PIPESTATUS[0]}";
    ProgramRun run = behind(shell, "--log-file", "hbar.log", "summary", "missing.jsonl");
    assertEquals(1, run.code(), run.err());
    assertTrue(run.err().contains("missing.jsonl: no such file"), run.err());
    assertTrue(run.err().contains("the log file could not be written whole"), run.err());
    assertEquals(1024, Files.size(folder.resolve("hbar.log")));
  }

  @Test
  void escapesOfAScoreFileAndItsName_areNotPrinted() throws Exception {
    Path scores = Files.writeString(folder.resolve("a\u001b[31mb.jsonl"), SCORES);
    ProgramRun summary = behind("\"$@\"", "summary", scores.toString());
    assertFalse(summary.out().contains("\u001b"), summary.out());
    assertFalse(summary.err().contains("\u001b"), summary.err());
    ProgramRun missing = behind("\"$@\"", "summary", scores + "\u001b[0m");
    OneLineError.require(folder, 1, List.of("\\u001b[31mb.jsonl"), missing);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/dev/zero", "pipe", "folder"})
  void inputThatNeverEnds_isRefusedAtOnce(String kind) throws Exception {
    requireLinux();
    String path = kind.startsWith("/") ? kind : folder.resolve(kind).toString();
    String make = "[ -p pipe ] || mkfifo pipe; mkdir -p folder; \"$@\"";
    String scores = Files.writeString(folder.resolve("scores.jsonl"), SCORES).toString();
    for (String[] arguments :
        List.of(
            new String[] {"summary", path},
            new String[] {"calibrate", "--scores", path, "--out", folder + "/p.json"},
            new String[] {
              "validate", "--scores", scores, "--params", path, "--out", folder + "/r.json"
            },
            new String[] {"--log-file", path, "summary", scores})) {
      OneLineError.require(folder, 1, List.of(path), behind(make, arguments));
    }
  }

  @Test
  void strayByteInAPrompt_isRefusedAndUtf8ArrivesInTheCLocale() throws Exception {
    requireLinux();
    String stray = "LC_ALL=C \"$@\" $'caf\\xe9'";
    OneLineError.require(folder, 2, List.of("is not UTF-8"), behind(stray, "summary"));
    ProgramRun utf8 = behind("LC_ALL=C \"$@\" $'caf\\xc3\\xa9'", "summary", "--resamples");
    assertTrue(utf8.err().contains("café"), utf8.err());
  }

  /** 3 GB to 6 GB in steps: a refusal or the right answer, never a hang or a crash. */
  @ParameterizedTest
  @ValueSource(ints = {3_000_000, 3_500_000, 4_000_000, 4_500_000, 5_000_000, 6_000_000})
  void limitedAddressSpace_refusesOrGivesTheRightAnswer(int kibibytes) throws Exception {
    requireLinux();
    String checkpoint = RealCheckpoint.folder().toString();
    ProgramRun run =
        behind(
            "ulimit -c 0; ulimit -v " + kibibytes + "; MALLOC_ARENA_MAX=1 \"$@\"",
            "generate",
            checkpoint,
            "--prompt",
            "The capital of France is",
            "--max-tokens",
            "2");
    if (run.code() == 0) {
      assertEquals(" Paris.", run.out().stripTrailing());
    } else {
      assertEquals(1, run.code(), run.err());
      assertTrue(run.err().contains("raise what limits this process"), run.err());
    }
  }
}
