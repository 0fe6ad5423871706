package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On the real HaluEval files, which scripts/fetch brings. */
class SplitProgramTest {
  /** Of {@code sample_id TAB label} per line of the published llama-3.2-3b_validation_n500.json. */
  private static final String PUBLISHED =
      "72592293fe38560ef3d6a4d0228da4d95fcbb608cb736e6ddfd33dca1bad020f";

  @TempDir Path folder;

  @Test
  void studyTestSet_isThePublishedOneToTheByte() throws Exception {
    String[] command = "split --protocol study-2026-01 --set test --n 500 --data".split(" ");
    String[] arguments = Arrays.copyOf(command, command.length + 1);
    arguments[command.length] = data().toString();
    ProgramRun run = ProgramRun.of(folder, "", arguments);
    assertEquals(0, run.code(), run.err());
    byte[] bytes = run.out().getBytes(StandardCharsets.UTF_8);
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
    assertEquals(PUBLISHED, HexFormat.of().formatHex(digest));
  }

  private static Path data() {
    Path home =
        Optional.ofNullable(System.getenv("HBAR_HOME"))
            .map(Path::of)
            .orElseGet(() -> Path.of(System.getProperty("hbar.root"), ".hbar"));
    Path data = home.resolve("data/halueval");
    boolean there = Files.isDirectory(data);
    String reason = "no data in " + data + ", run scripts/fetch";
    if (Boolean.getBoolean("hbar.native.required")) {
      assertTrue(there, reason);
    }
    assumeTrue(there, reason);
    return data;
  }
}
