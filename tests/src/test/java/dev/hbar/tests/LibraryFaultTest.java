package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hbar.mlx.NativeTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A native library that is missing, broken or of another version is explained in one line. */
class LibraryFaultTest {
  private static final int FAILED = 1;
  private static final int CHECK_DID_NOT_HOLD = 3;

  @TempDir Path folder;

  @Test
  void missingLibrary_isOneLineWithThePlacesSearched() throws Exception {
    OneLineError.require(
        folder,
        FAILED,
        List.of("libmlx and libmlxc not found, searched " + folder, "scripts/setup"),
        trace());
  }

  @Test
  void libraryOfAnOlderVersion_isRefusedByItsMissingMark() throws Exception {
    compile("mlx");
    compile("mlxc");
    OneLineError.require(
        folder,
        FAILED,
        List.of("is not mlx-c 0.7.0: it lacks mlx_fast_cross_entropy", "scripts/setup"),
        trace());
    OneLineError.require(
        folder, CHECK_DID_NOT_HOLD, List.of("1 of 5 checks do not hold"), run("doctor"));
  }

  @Test
  void libraryOtherThanSetUpWrote_isRefusedBeforeItsCodeRuns() throws Exception {
    for (String name : List.of("mlx", "mlxc")) {
      compile(name);
    }
    Files.writeString(
        folder.resolve("hbar.sha256"), "0".repeat(64) + "  " + System.mapLibraryName("mlx") + "\n");
    OneLineError.require(
        folder,
        FAILED,
        List.of(
            folder.resolve(System.mapLibraryName("mlx")) + " is not the file that set-up wrote"),
        trace());
  }

  @Test
  void fileThatIsNoLibrary_isOneLine() throws Exception {
    for (String name : List.of("mlx", "mlxc")) {
      Files.writeString(folder.resolve(System.mapLibraryName(name)), "not a library");
    }
    OneLineError.require(folder, FAILED, List.of("cannot load " + folder), trace());
  }

  @Test
  void doctorWithoutLibrary_saysWhatToDo() throws Exception {
    ProgramRun run = run("doctor", "--json");
    OneLineError.require(folder, CHECK_DID_NOT_HOLD, List.of("checks do not hold"), run);
    JsonNode checks = new ObjectMapper().readTree(run.out()).get("checks");
    JsonNode library = checks.get(1);
    assertEquals("native libraries", library.get("check").asText());
    assertTrue(!library.get("ok").asBoolean(), run.out());
    assertTrue(library.get("remedy").asText().contains("scripts/setup"), run.out());
  }

  @Test
  @NativeTest
  void doctorWithTheLibrary_findsEverythingInOrder() throws Exception {
    ProgramRun run = ProgramRun.of(folder, "", "doctor");
    assertEquals(0, run.code(), run.out() + run.err());
    assertTrue(run.out().lines().allMatch(line -> line.startsWith("ok ")), run.out());
    assertTrue(run.out().contains("11 checks hold"), run.out());
  }

  /** A library with none of the functions that are wanted. */
  private void compile(String name) throws IOException, InterruptedException {
    Path source = Files.writeString(folder.resolve(name + ".c"), "int " + name + "_stub = 1;\n");
    Path library = folder.resolve(System.mapLibraryName(name));
    Process compiler =
        new ProcessBuilder("cc", "-shared", "-fPIC", "-o", library + "", source + "")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(name + ".log").toFile())
            .start();
    assertEquals(0, compiler.waitFor(), () -> "see " + folder.resolve(name + ".log"));
  }

  private ProgramRun trace() throws Exception {
    Path checkpoint = Fixture.named("llama_tied").folder();
    return run("trace", checkpoint + "", "--prompt-ids", "5", "--out", folder + "/trace");
  }

  private ProgramRun run(String... arguments) throws Exception {
    return ProgramRun.of(folder, "", Map.of("HBAR_MLX_LIBRARY_PATH", folder.toString()), arguments);
  }
}
