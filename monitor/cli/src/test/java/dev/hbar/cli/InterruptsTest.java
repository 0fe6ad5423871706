package dev.hbar.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class InterruptsTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final Interrupts interrupts =
      Interrupts.unarmed(new PrintWriter(bytes, true, StandardCharsets.UTF_8));

  @Test
  void noSignal_requestsNothing() {
    assertFalse(interrupts.requested());
    assertEquals(0, interrupts.exitCode());
  }

  @Test
  void firstSignal_isRememberedAndExplained() {
    assertTrue(interrupts.raise(130));
    assertTrue(interrupts.requested());
    assertEquals(130, interrupts.exitCode());
    assertTrue(bytes.toString(StandardCharsets.UTF_8).contains("press Ctrl-C again"));
  }

  @Test
  void secondSignal_keepsTheFirstCode() {
    interrupts.raise(130);
    assertFalse(interrupts.raise(143));
    assertEquals(130, interrupts.exitCode());
  }

  @Test
  void closing_givesTheSignalsBack() {
    Interrupts first = Interrupts.install(new PrintWriter(bytes));
    first.close();
    first.close();
    try (Interrupts second = Interrupts.install(new PrintWriter(bytes))) {
      assertFalse(second.requested());
    }
  }
}
