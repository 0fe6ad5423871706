package dev.hbar.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.monitor.generation.GenerationSettings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code hbar chat} does without a model. */
class ChatCommandTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"--max-tokens 0", "--temperature -1", "--seed 5", "--halt-on joint"})
  void valueThatMakesNoSense_isWrongUsage(String options) {
    String[] words = ("chat nowhere " + options).split(" ");
    CommandRun run = CommandRun.of(words);
    assertEquals(2, run.code(), run.err());
    assertTrue(run.err().strip().endsWith("see 'hbar chat --help'"), run.err());
  }

  @Test
  void linesOfAPipe_areQuestionsWhichMayGoOn() {
    String text = "one\ntwo \\\nlines\n\"\"\"\nthree\n\nlines\n\"\"\"\n\"\"\"four\"\"\"\nfive\\";
    Environment environment =
        CommandRun.environment(
            new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)),
            OutputStream.nullOutputStream(),
            OutputStream.nullOutputStream());
    List<String> asked = new ArrayList<>();
    try (ChatInput input = ChatInput.of(environment, true)) {
      assertFalse(input.isTyped());
      Optional<String> next = input.next();
      while (next.isPresent()) {
        asked.add(next.get());
        next = input.next();
      }
      assertEquals(0, input.exitCode());
    }
    assertEquals(List.of("one", "two \nlines", "three\n\nlines", "four", "five\\"), asked);
  }

  @Test
  void parameters_changeOneByOneAndKeepTheRest() {
    GenerationSettings before = GenerationSettings.builder().maxTokens(9).allSignals().build();
    GenerationSettings after =
        ChatCommand.Parameters.changed(before, "temperature=0.5 top_p=0.9  seed=4 max-tokens=12");
    assertEquals(
        "temperature=0.5 top-k=0 top-p=0.9 min-p=0.0 seed=4 max-tokens=12",
        ChatCommand.Parameters.shown(after));
    assertTrue(after.allSignals());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "top-p=7|top-p=7: top-p must be in (0, 1]",
        "top-k=x|top-k=x: no such number",
        "max-tokens=0|max-tokens=0: maxTokens must be at least 1: 0",
        "colour=red|colour=red is no parameter",
        "temperature|temperature is no parameter",
      })
  void parameterThatCannotBe_isNamed(String text, String message) {
    CommandException refused =
        assertThrows(
            CommandException.class,
            () -> ChatCommand.Parameters.changed(GenerationSettings.DEFAULT, text));
    assertTrue(refused.getMessage().startsWith(message), refused.getMessage());
  }

  @Test
  void transcript_comesBackAsItWas_andIsPrivate() throws IOException {
    Path file = folder.resolve("talk.json");
    Files.writeString(file, "something older that is longer than what comes");
    List<Map<String, ?>> messages =
        List.of(
            Map.of("role", "system", "content", "Be brief."),
            Map.of("role", "user", "content", "H\u00e9llo \"you\"\n\u4e16"),
            Map.of("role", "assistant", "content", ""));
    new ChatCommand.Transcript("a/model", messages).write(file);
    assertEquals(
        new ChatCommand.Transcript("a/model", messages), ChatCommand.Transcript.read(file));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    try (var files = Files.list(folder)) {
      assertEquals(1, files.count(), "nothing else is left");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"messages\": [{\"role\": \"user\"}]}|messages[0]: role and content must be texts",
        "{\"messages\": 3}|it has no list messages",
        "[|is not JSON",
      })
  void fileThatIsNoTranscript_isRefused(String text, String message) throws IOException {
    Path file = Files.writeString(folder.resolve("other.json"), text);
    CommandException refused =
        assertThrows(CommandException.class, () -> ChatCommand.Transcript.read(file));
    assertTrue(refused.getMessage().contains(message), refused.getMessage());
    assertThrows(
        CommandException.class, () -> ChatCommand.Transcript.read(folder.resolve("none.json")));
  }

  @Test
  void history_isAFileThatOnlyItsOwnerReads() throws IOException {
    Path file =
        ChatInput.Typed.historyFile(Map.of("XDG_STATE_HOME", folder.toString())).orElseThrow();
    assertEquals(folder.resolve("hbar/chat-history"), file);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertEquals(
        Optional.of(file),
        ChatInput.Typed.historyFile(Map.of("XDG_STATE_HOME", folder.toString())));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    assertEquals(Optional.empty(), ChatInput.Typed.historyFile(Map.of()));
  }

  /** A folder, a device or a pipe would be replaced by the file. */
  @Test
  void conversationKeptUnderTheNameOfAFolder_isRefusedAndLeavesIt() {
    ChatCommand.Transcript talk = new ChatCommand.Transcript("model", List.of());
    CommandException refused = assertThrows(CommandException.class, () -> talk.write(folder));
    assertEquals(folder + " is not a regular file: choose another file", refused.getMessage());
    assertTrue(Files.isDirectory(folder));
  }
}
