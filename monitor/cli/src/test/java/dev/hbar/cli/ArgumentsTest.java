package dev.hbar.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArgumentsTest {
  @TempDir private Path folder;

  private Path commandLine(String text) throws IOException {
    return Files.writeString(folder.resolve("cmdline"), text, StandardCharsets.ISO_8859_1);
  }

  @Test
  void argumentsThatJavaRead_areTaken() {
    String[] given = {"generate", "--prompt", "café"};
    assertSame(given, Environment.Arguments.read(given, folder.resolve("none")));
  }

  @Test
  void argumentThatTheLocaleSpoiled_isReadFromItsBytes() throws IOException {
    String utf8 = new String("café".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    Path file = commandLine("java\0Main\0generate\0--prompt\0" + utf8 + "\0\0");
    assertArrayEquals(
        new String[] {"generate", "--prompt", "café", ""},
        Environment.Arguments.read(
            new String[] {"generate", "--prompt", "caf\uFFFD\uFFFD", ""}, file));
  }

  @Test
  void replacementCharacterThatWasGiven_stays() throws IOException {
    Path file = commandLine("java\0\u00ef\u00bf\u00bd\0");
    assertArrayEquals(
        new String[] {"\uFFFD"}, Environment.Arguments.read(new String[] {"\uFFFD"}, file));
  }

  @Test
  void strayByte_isRefusedWithItsPlace() throws IOException {
    Path file = commandLine("java\0generate\0caf\u00e9\0");
    String[] spoiled = {"generate", "caf\uFFFD"};
    String message =
        assertThrows(CommandException.class, () -> Environment.Arguments.read(spoiled, file))
            .getMessage();
    assertTrue(message.startsWith("argument 2 is not UTF-8"), message);
  }

  @Test
  void argumentWithAnAtSign_isTextAndNoFile() throws IOException {
    Path file = Files.writeString(folder.resolve("options"), "--version");
    CommandRun run = CommandRun.of("summary", "@" + file);
    assertEquals(1, run.code());
    assertTrue(run.err().contains("@" + file + ": no such file"), run.err());
  }

  @Test
  void longHostileArgument_isCutAndShownHarmless() {
    CommandRun run = CommandRun.of("summary", "start\u001b[2J" + "x".repeat(5000) + "end");
    assertEquals(1, run.code());
    assertEquals(1, run.err().lines().count());
    assertTrue(run.err().contains("start\\u001b[2Jxxx") && run.err().contains("xxxend"));
    assertTrue(run.err().length() < 300, run.err());
  }
}
