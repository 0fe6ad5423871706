package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hbar.mlx.NativeTest;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code hbar generate} as a process, with the real checkpoint. */
@NativeTest
class GenerateProgramTest {
  private static final String QUESTION = "What is the capital of France?";

  /** Greedy ids of the reference implementation for the question in the chat template. */
  private static final List<Integer> ANSWER = List.of(504, 3575, 282, 4649, 314, 7042, 30, 2);

  @TempDir Path folder;

  @Test
  void chat_answersOnStdoutAndSaysTheRestOnStderr() throws Exception {
    ProgramRun run = generate("", "--chat", "--prompt", QUESTION);
    assertEquals(0, run.code(), run.err());
    assertEquals("The capital of France is Paris.\n", run.out());
    Path name = RealCheckpoint.folder().toRealPath().getFileName();
    List<String> lines = run.err().lines().toList();
    assertEquals(2, lines.size(), run.err());
    assertTrue(lines.getFirst().startsWith(name + " on "), run.err());
    assertTrue(lines.getLast().startsWith("8 tokens, "), run.err());
    assertTrue(lines.getLast().contains("stop: eos"), run.err());
  }

  @Test
  void json_isOneDocumentWithTheTrajectory() throws Exception {
    ProgramRun run = generate(QUESTION, "--chat", "--prompt", "-", "--json");
    assertEquals(0, run.code(), run.err());
    JsonNode json = new ObjectMapper().readTree(run.out());
    assertEquals(QUESTION, json.get("prompt").asText());
    assertEquals("The capital of France is Paris.", json.get("text").asText());
    assertEquals("eos", json.get("stop").asText());
    assertEquals(ANSWER, json.findValues("token").stream().map(JsonNode::asInt).toList());
    for (JsonNode token : json.get("trajectory")) {
      assertTrue(token.get("risk").asDouble() > 0 && token.get("risk").asDouble() < 1);
      assertTrue(token.get("hbar").asDouble() > 0);
    }
  }

  @Test
  void haltOnHbar_leavesTheRiskyTokenOut() throws Exception {
    // hbar_s of the third token, " of", is 1.81; the two before are below 1.62.
    ProgramRun run =
        generate(
            "",
            "--chat",
            "--prompt",
            QUESTION,
            "--halt-on",
            "hbar",
            "--tau",
            "1.7",
            "--cutoff",
            "0.5");
    assertEquals(0, run.code(), run.err());
    assertEquals("The capital\n", run.out());
    assertTrue(run.err().contains("halted at step 2 before \" of\""), run.err());
  }

  @Test
  void interrupt_stopsAfterTheTokenWithItsExitCode() throws Exception {
    Path err = folder.resolve("err.txt");
    Process process =
        new ProcessBuilder(
                ProgramRun.command(
                    "generate",
                    RealCheckpoint.folder().toString(),
                    "--prompt",
                    "Once upon a time",
                    "--max-tokens",
                    "4000"))
            .redirectError(err.toFile())
            .start();
    try (BufferedReader out = process.inputReader()) {
      assertTrue(out.read() >= 0, () -> "no token: " + read(err));
      new ProcessBuilder("kill", "-INT", "" + process.pid()).start().waitFor();
      assertTrue(process.waitFor(60, TimeUnit.SECONDS), "the signal ends the generation");
      assertEquals(130, process.exitValue(), () -> read(err));
      assertTrue(read(err).contains("stop: cancelled"), read(err));
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void interruptInALongPrompt_endsTheProcessBeforeItsFirstToken() throws Exception {
    Path err = folder.resolve("err.txt");
    Path out = folder.resolve("out.txt");
    String prompt = "Once upon a time there was a king. ".repeat(800);
    Process process =
        new ProcessBuilder(
                ProgramRun.command(
                    "generate", RealCheckpoint.folder().toString(), "--prompt", prompt))
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    try {
      while (!read(err).contains(" prompt tokens")) {
        assertTrue(process.isAlive(), () -> read(err));
        Thread.sleep(20);
      }
      new ProcessBuilder("kill", "-INT", "" + process.pid()).start().waitFor();
      assertTrue(process.waitFor(5, TimeUnit.SECONDS), "the prompt is computed to its end");
      assertEquals(130, process.exitValue(), () -> read(err));
      assertEquals("", read(out), "the signal came before the first token");
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void tooManyTokens_areRefusedInOneLineWithBothNumbers() throws Exception {
    ProgramRun run = generate("", "--prompt", "hi", "--max-tokens", "8192");
    assertEquals(1, run.code());
    assertEquals("", run.out());
    String last = run.err().lines().toList().getLast();
    assertTrue(last.contains("8192 new ones exceed the model's context of 8192"), run.err());
  }

  private ProgramRun generate(String stdin, String... options) throws Exception {
    String[] arguments = new String[options.length + 2];
    arguments[0] = "generate";
    arguments[1] = RealCheckpoint.folder().toString();
    System.arraycopy(options, 0, arguments, 2, options.length);
    return ProgramRun.of(folder, stdin, arguments);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
