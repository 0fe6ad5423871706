package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.examples.Alternatives;
import dev.hbar.examples.Chat;
import dev.hbar.examples.Hello;
import dev.hbar.examples.LangChain;
import dev.hbar.examples.ManyThreads;
import dev.hbar.examples.StopEarly;
import dev.hbar.examples.Streaming;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The programs below monitor/examples, on the real checkpoint. */
class ExamplesTest {
  @Test
  void hello_namesTheCapital() {
    assertTrue(output(Hello::main).contains("Paris"));
  }

  @Test
  void streaming_printsALineForEveryToken() {
    String printed = output(Streaming::main);
    assertEquals(20, printed.lines().count());
    assertTrue(
        printed.lines().allMatch(line -> line.contains("ln p") && line.contains("PRI")), printed);
  }

  @Test
  void chat_reusesTheTurnsBefore() {
    String printed = output(Chat::main);
    assertTrue(printed.contains("(0 prompt tokens reused)"), printed);
    assertEquals(1, printed.split("\\(0 prompt").length - 1, printed);
    assertEquals(3, printed.lines().filter(line -> line.endsWith("reused)")).count(), printed);
  }

  @Test
  void alternatives_areThreeEveryToken() {
    String printed = output(Alternatives::main);
    long lines = printed.lines().count();
    assertTrue(lines >= 3, printed);
    assertEquals(3 * lines, printed.split(" % ", -1).length - 1, printed);
  }

  @Test
  void unsureModel_isStopped() {
    assertTrue(output(StopEarly::main).startsWith("CANCELLED after "));
  }

  @Test
  void fourThreads_eachGetAnAnswer() {
    assertTrue(output(ManyThreads::main).lines().count() >= 4);
  }

  @Test
  void langChain_saysItsLeastSureToken() {
    List<String> lines = output(LangChain::main).lines().toList();
    assertTrue(lines.getFirst().contains("Paris"), lines.toString());
    assertTrue(
        lines.getLast().matches("least sure of a token: \\d+\\.\\d+ nats"), lines.toString());
  }

  private static String output(Consumer<String[]> program) {
    PrintStream before = System.out;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    try {
      program.accept(new String[] {RealCheckpoint.folder().toString()});
    } finally {
      System.setOut(before);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
