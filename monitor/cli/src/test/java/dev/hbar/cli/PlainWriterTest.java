package dev.hbar.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlainWriterTest {
  private static final String HOSTILE = "a\u001b[31mb\u001b]0;title\u0007\u009bc\u007f\td\r\ne\0";

  private static String through(boolean colours, String text) {
    StringWriter target = new StringWriter();
    PrintWriter out =
        new PrintWriter(new Environment.PlainWriter(new PrintWriter(target), colours));
    out.print(text);
    out.print('\u001b');
    out.flush();
    return target.toString();
  }

  @Test
  void controlCharacters_becomeEscapesAndTextStays() {
    assertEquals(
        "a\\u001b[31mb\\u001b]0;title\\u0007\\u009bc\\u007f\td\r\ne\\u0000\\u001b",
        through(false, HOSTILE));
  }

  @Test
  void carriageReturnAlone_doesNotWriteOverTheLine() {
    assertEquals("hbar: real\\u000dfake\\u001b", through(true, "hbar: real\rfake"));
  }

  @Test
  void colours_passWhereTheyAreOnAndNothingElseDoes() {
    assertEquals(
        "a\u001b[31mb\\u001b]0;title\\u0007\\u009bc\\u007f\td\r\ne\\u0000\\u001b",
        through(true, HOSTILE));
  }

  @Test
  void fullDisk_isNoticedByCheckError() {
    PrintWriter full =
        new PrintWriter(new OutputStreamWriter(new FullDisk(), StandardCharsets.UTF_8));
    PrintWriter out = new PrintWriter(new Environment.PlainWriter(full, false));
    out.print("x");
    assertTrue(out.checkError());
  }

  @ParameterizedTest
  @CsvSource({"split,2", "summary --help,0", "--version,0", "--help,0"})
  void whateverTheCommand_lostOutputIsNoSuccess(String command, int wholeOutput) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    String[] args = command.split(" ");
    int code =
        Main.run(args, CommandRun.environment(InputStream.nullInputStream(), new FullDisk(), err));
    assertEquals(wholeOutput, CommandRun.of(args).code());
    assertEquals(wholeOutput == 0 ? 1 : wholeOutput, code);
    assertEquals(1, err.toString().lines().count(), err.toString());
    assertTrue(wholeOutput != 0 || err.toString().contains("could not be written whole"));
  }

  private static final class FullDisk extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      throw new IOException("No space left on device");
    }
  }
}
