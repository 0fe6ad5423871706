package dev.hbar.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PaletteTest {
  @Test
  void plain_neverColours() {
    assertEquals(" Paris", Terminal.Palette.PLAIN.paint(" Paris", 1));
  }

  @Test
  void lowRisk_isGreenAndMiddleRiskPlain() {
    assertEquals("\u001b[32m Paris\u001b[0m", Terminal.Palette.TRUE.paint(" Paris", 0));
    assertEquals(" Paris", Terminal.Palette.TRUE.paint(" Paris", 0.4));
  }

  @Test
  void highRisk_goesFromAmberToRed() {
    assertEquals(
        "\u001b[48;2;255;200;60m\u001b[30mx\u001b[0m", Terminal.Palette.TRUE.paint("x", 0.5));
    assertEquals("\u001b[48;2;200;0;0m\u001b[97mx\u001b[0m", Terminal.Palette.TRUE.paint("x", 1));
    assertEquals("\u001b[48;5;160m\u001b[97mx\u001b[0m", Terminal.Palette.INDEXED.paint("x", 1));
    assertNotEquals(
        Terminal.Palette.INDEXED.paint("x", 0.5), Terminal.Palette.INDEXED.paint("x", 0.8));
  }

  @Test
  void lineEnds_areNotColoured() {
    assertEquals(
        "\u001b[32ma\u001b[0m\n\n\u001b[32mb\u001b[0m",
        Terminal.Palette.INDEXED.paint("a\n\nb", 0));
  }

  @Test
  void riskOutsideItsRange_isClamped() {
    assertEquals(Terminal.Palette.TRUE.paint("x", 1), Terminal.Palette.TRUE.paint("x", 7));
    assertTrue(Terminal.Palette.TRUE.paint("x", -1).startsWith("\u001b[32m"));
  }
}
