package dev.hbar.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.monitor.generation.GeneratedToken;
import dev.hbar.monitor.generation.GenerationResult;
import dev.hbar.monitor.generation.GenerationResult.StopReason;
import dev.hbar.monitor.risk.HaltPolicy;
import dev.hbar.monitor.signal.DistributionSignals;
import dev.hbar.monitor.signal.TokenSignals;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TokenPrinterTest {
  private static final Terminal SCREEN = new Terminal(true, true);

  private final StringWriter shown = new StringWriter();
  private final Interrupts interrupts =
      Interrupts.unarmed(new PrintWriter(new ByteArrayOutputStream()));
  private final AtomicLong nanos = new AtomicLong();

  @Test
  void withoutParameters_surpriseIsShownOnANeutralScale() {
    // An invention that the study's rule, known to be inverted, would colour green.
    TokenPrinter printer =
        printer(shown, false, SCREEN, Terminal.Palette.INDEXED, HaltPolicy.FLAGGING);
    TokenSignals sure = new TokenSignals(7, 0.5, 1, 1, 0.9, 0, 1);
    TokenSignals unsure = new TokenSignals(7, 0.5, 1, 1, 6.1, 0, 1);
    printer.accept(new GeneratedToken(sure, " born", OptionalDouble.empty(), List.of()));
    printer.accept(new GeneratedToken(unsure, " 1979", OptionalDouble.empty(), List.of()));
    assertEquals(" born\u001b[48;5;54m\u001b[97m 1979\u001b[0m", shown.toString());
    String legend = printer.legend().orElseThrow();
    assertTrue(legend.startsWith("colour: surprise") && legend.contains("no risk"), legend);
    assertEquals(
        Optional.empty(),
        printer(shown, false, Terminal.NONE, Terminal.Palette.PLAIN, HaltPolicy.FLAGGING).legend());
  }

  @Test
  void riskyToken_isColouredAndVisibleAtOnce() {
    TokenPrinter printer = printer(shown, false, SCREEN, Terminal.Palette.INDEXED);
    assertTrue(printer.accept(token(" Paris", 0.99)));
    assertTrue(shown.toString().startsWith("\u001b[48;5;160m"), shown.toString());
    assertTrue(shown.toString().contains(" Paris"), shown.toString());
    assertTrue(printer.legend().orElseThrow().startsWith("colour: risk on hbar, green"));
  }

  @Test
  void heldBackText_followsAtTheEnd() {
    TokenPrinter printer = printer(shown, false, Terminal.NONE, Terminal.Palette.PLAIN);
    List<GeneratedToken> tokens = List.of(token("a", 0.3), token("", 0.3));
    tokens.forEach(printer::accept);
    printer.finish(new GenerationResult(StopReason.LENGTH, tokens, Optional.empty(), "a\uFFFD"));
    assertEquals("a\uFFFD" + System.lineSeparator(), shown.toString());
  }

  @Test
  void escapeSequenceOfTheModel_cannotReachATerminal() {
    printer(shown, false, SCREEN, Terminal.Palette.PLAIN).accept(token("\u001b]0;x\u0007\n", 0.3));
    assertEquals("\uFFFD]0;x\uFFFD\n", shown.toString());
    StringWriter file = new StringWriter();
    printer(file, false, Terminal.NONE, Terminal.Palette.PLAIN).accept(token("\u001b[1m", 0.3));
    assertEquals("\u001b[1m", file.toString());
  }

  @Test
  void silentPrinter_writesNothing() {
    TokenPrinter printer = printer(shown, true, Terminal.NONE, Terminal.Palette.PLAIN);
    printer.accept(token("a", 0.3));
    printer.finish(new GenerationResult(StopReason.LENGTH, List.of(), Optional.empty(), "a"));
    assertEquals("", shown.toString());
  }

  @Test
  void interruptOrClosedOutput_stops() {
    interrupts.raise(ExitCodes.INTERRUPTED);
    assertFalse(printer(shown, false, SCREEN, Terminal.Palette.PLAIN).accept(token("a", 0.3)));
    Writer closed =
        new PrintWriter(
            new OutputStream() {
              @Override
              public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
              }
            });
    Interrupts quiet = Interrupts.unarmed(new PrintWriter(new ByteArrayOutputStream()));
    TokenPrinter printer =
        new TokenPrinter(
            new PrintWriter(closed),
            false,
            HaltPolicy.FLAGGING,
            SCREEN,
            Terminal.Palette.PLAIN,
            quiet,
            nanos::get);
    assertFalse(printer.accept(token("a", 0.3)));
  }

  @Test
  void speed_isThatOfDecodingAlone() {
    TokenPrinter printer = printer(shown, true, Terminal.NONE, Terminal.Palette.PLAIN);
    nanos.set(5_000_000_000L);
    printer.accept(token("a", 0.3));
    assertEquals(0, printer.tokensPerSecond());
    nanos.addAndGet(100_000_000L);
    printer.accept(token("b", 0.3));
    nanos.addAndGet(300_000_000L);
    printer.accept(token("c", 0.3));
    assertEquals(5, printer.tokensPerSecond(), 1e-9);
  }

  @Test
  void alternativeBelowOnePercent_doesNotLookImpossible() {
    List<GeneratedToken.Alternative> likely =
        List.of(
            new GeneratedToken.Alternative(7, "a", Math.log(0.985)),
            new GeneratedToken.Alternative(8, "b", Math.log(0.0101)),
            new GeneratedToken.Alternative(9, "c", Math.log(0.0049)));
    TokenSignals signals =
        new TokenSignals(7, 2, 1, 1, 1, 0, 1).with(Map.of(DistributionSignals.ENTROPY, 0.1));
    GeneratedToken token = new GeneratedToken(signals, "a", OptionalDouble.empty(), likely);
    GenerationResult result =
        new GenerationResult(StopReason.LENGTH, List.of(token), Optional.empty(), "a");
    TokenPrinter.Table.print(new PrintWriter(shown), result, HaltPolicy.FLAGGING);
    assertTrue(
        shown.toString().endsWith("  b 1%  c <1%" + System.lineSeparator()),
        () -> shown.toString());
  }

  private TokenPrinter printer(
      Writer out, boolean silent, Terminal terminal, Terminal.Palette palette) {
    return printer(out, silent, terminal, palette, HaltPolicy.STUDY);
  }

  private TokenPrinter printer(
      Writer out, boolean silent, Terminal terminal, Terminal.Palette palette, HaltPolicy policy) {
    return new TokenPrinter(
        new PrintWriter(out), silent, policy, terminal, palette, interrupts, nanos::get);
  }

  private static GeneratedToken token(String text, double risk) {
    double hbar = 2 + Math.log(risk / (1 - risk)) / 5; // so that the default rule gives this risk
    return new GeneratedToken(
        new TokenSignals(7, hbar, 1, 1, 1, 0, 1), text, OptionalDouble.empty(), List.of());
  }
}
