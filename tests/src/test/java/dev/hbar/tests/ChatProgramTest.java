package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hbar.monitor.generation.ChatSession;
import dev.hbar.monitor.generation.GenerationModel;
import dev.hbar.monitor.generation.GenerationSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code hbar chat} as a process on the real checkpoint, its questions on stdin. */
class ChatProgramTest {
  private static final String FIRST = "What is the capital of France?";
  private static final String SECOND = "And of Spain?";

  @TempDir Path folder;

  @Test
  void questions_areAnsweredAsTheLibraryDoes_andGoOnInTheNextRun() throws Exception {
    Path talk = folder.resolve("talk.json");
    String[] options = {"--max-tokens", "12", "--transcript", talk.toString()};
    ProgramRun one = chat(FIRST + "\n", options);
    assertEquals(0, one.code(), one.err());
    ProgramRun two = chat("/nonsense\n" + SECOND + "\n", options);
    assertEquals(1, two.code(), "a script learns that a line was refused");
    assertTrue(two.err().contains("hbar: /nonsense is no command"), two.err());
    List<String> expected = library();
    assertEquals(expected.get(0), one.out().strip());
    assertEquals(expected.get(1), two.out().strip());
    JsonNode messages = new ObjectMapper().readTree(Files.readString(talk)).get("messages");
    assertEquals(4, messages.size());
    assertEquals(SECOND, messages.get(2).get("content").textValue());
    assertEquals(expected.get(1), messages.get(3).get("content").textValue().strip());
  }

  @Test
  void retryOfAGreedyAnswer_isTheSame_andTakesItsKeysFromBefore() throws Exception {
    ProgramRun run =
        chat(
            FIRST
                + "\n/retry\n/signals\n/undo\n/system Be brief.\n/reset\n/system\n/exit\nno more\n");
    assertEquals(0, run.code(), run.err());
    List<String> lines = run.out().lines().toList();
    assertEquals(lines.get(0), lines.get(1));
    assertTrue(lines.get(2).contains("surprise"), run.out());
    assertTrue(lines.size() > 8 && lines.get(3).contains("The"), run.out());
    assertTrue(
        run.err().contains(", 36 reused"), "all but the last token of the prompt: " + run.err());
    assertTrue(run.err().contains("taken back: " + FIRST), run.err());
    assertEquals(3, run.err().split("instructions: Be brief\\.|a new conversation", -1).length - 1);
  }

  @Test
  void oneToken_isNotSaidInThePlural() throws Exception {
    ProgramRun run = chat(FIRST + "\n", "--max-tokens", "1");
    assertTrue(run.err().lines().anyMatch(line -> line.startsWith("1 token, ")), run.err());
  }

  private static List<String> library() {
    GenerationSettings twelve = GenerationSettings.builder().maxTokens(12).build();
    try (GenerationModel model = GenerationModel.open(RealCheckpoint.folder().toString());
        ChatSession session = model.chat(twelve)) {
      return List.of(session.send(FIRST).text().strip(), session.send(SECOND).text().strip());
    }
  }

  private ProgramRun chat(String typed, String... options) throws Exception {
    String[] arguments = new String[options.length + 2];
    arguments[0] = "chat";
    arguments[1] = RealCheckpoint.folder().toString();
    System.arraycopy(options, 0, arguments, 2, options.length);
    return ProgramRun.of(folder, typed, arguments);
  }
}
