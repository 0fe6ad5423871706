package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.mlx.NativeTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ctrl-C while a prompt of 4,000 tokens is computed, which takes many seconds. */
@NativeTest
class InterruptedProgramsTest {
  private static final String LONG = "Once upon a time there was a king. ".repeat(440);
  private static final String RECORD =
      "{\"knowledge\":\"%s\",\"question\":\"Who?\",\"right_answer\":\"A king.\",\"hallucinated_answer\":\"A cat.\"}\n";

  @TempDir private Path folder;

  @BeforeEach
  void writeInputs() throws IOException {
    Files.writeString(folder.resolve("long.txt"), LONG);
    Files.writeString(
        folder.resolve("qa.jsonl"), RECORD.formatted("Short.") + RECORD.formatted(LONG));
  }

  private ProgramRun interrupted(List<String> command, Path file, String sign) throws Exception {
    Path out = folder.resolve("out.txt");
    Path err = folder.resolve("err.txt");
    Process process =
        new ProcessBuilder(ProgramRun.command(command.toArray(String[]::new)))
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    try {
      while (!Files.exists(file) || !Files.readString(file).contains(sign)) {
        assertTrue(process.isAlive(), Files.readString(err));
        Thread.sleep(20);
      }
      new ProcessBuilder("kill", "-INT", "" + process.pid()).start().waitFor();
      assertTrue(process.waitFor(6, TimeUnit.SECONDS), command + " goes on");
      return new ProgramRun(process.exitValue(), Files.readString(out), Files.readString(err));
    } finally {
      process.destroyForcibly();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "trace MODEL --prompt TEXT --out trace",
        "bench MODEL --prompt-tokens 4000",
        "states MODEL --data qa.jsonl --task qa --skip 1 --points block.1 --positions last-answer --out states"
      })
  void interruptDuringPrefill_endsTheProcess(String command) throws Exception {
    String model = RealCheckpoint.folder().toString();
    List<String> words =
        List.of(command.split(" ")).stream()
            .map(word -> word.replace("MODEL", model).replace("TEXT", LONG))
            .toList();
    ProgramRun run = interrupted(words, folder.resolve("err.txt"), "SmolLM2");
    assertEquals(130, run.code(), run.err());
    assertEquals("", run.out());
  }

  @Test
  void interruptOfAChatThatWaitsForAQuestion_endsTheProcess() throws Exception {
    List<String> chat = List.of("chat", RealCheckpoint.folder().toString());
    ProgramRun run = interrupted(chat, folder.resolve("err.txt"), "/help lists");
    assertEquals(130, run.code(), run.err());
    assertEquals("", run.out());
  }

  @Test
  void interruptDuringAScore_keepsTheSamplesBeforeIt() throws Exception {
    List<String> score =
        List.of(
            ("score MODEL --data qa.jsonl --task qa --batch 1 --max-tokens 2 --out scores.jsonl"
                    .replace("MODEL", RealCheckpoint.folder().toString()))
                .split(" "));
    Path scores = folder.resolve("scores.jsonl");
    ProgramRun run = interrupted(score, scores, "qa_0_hal");
    assertEquals(130, run.code(), run.err());
    assertTrue(run.err().contains("interrupted after 2 of 4 samples"), run.err());
    List<String> lines = Files.readAllLines(scores);
    assertEquals(3, lines.size());
    assertTrue(lines.get(1).contains("\"id\":\"qa_0_cor\""), lines.get(1));
    assertTrue(lines.get(2).endsWith("}"), lines.get(2));
  }
}
