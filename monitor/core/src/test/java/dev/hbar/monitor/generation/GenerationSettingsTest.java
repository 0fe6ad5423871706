package dev.hbar.monitor.generation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class GenerationSettingsTest {
  @Test
  void noLimit_isTheDefaultOrWhatFits() {
    assertEquals(512, GenerationSettings.DEFAULT.newTokens(10, 2048));
    assertEquals(6, GenerationSettings.DEFAULT.newTokens(250, 256));
    assertEquals(1, GenerationSettings.DEFAULT.newTokens(255, 256));
  }

  @Test
  void givenLimit_isKeptOrRefusedWithAllNumbers() {
    assertEquals(6, upTo(6).newTokens(250, 256));
    GenerationException.BadPrompt refused =
        assertThrows(GenerationException.BadPrompt.class, () -> upTo(7).newTokens(250, 256));
    assertEquals(
        "250 prompt tokens and 7 new ones exceed the model's context of 256; ask for at most 6 new tokens or shorten the prompt",
        refused.getMessage());
  }

  @Test
  void promptThatFillsTheContext_isRefused() {
    GenerationException.BadPrompt refused =
        assertThrows(
            GenerationException.BadPrompt.class,
            () -> GenerationSettings.DEFAULT.newTokens(256, 256));
    assertTrue(refused.getMessage().contains("256 tokens"), refused.getMessage());
    assertThrows(
        GenerationException.BadPrompt.class, () -> GenerationSettings.DEFAULT.newTokens(300, 256));
  }

  @Test
  void emptyPrompt_isRefused() {
    assertThrows(
        GenerationException.BadPrompt.class, () -> GenerationSettings.DEFAULT.newTokens(0, 256));
  }

  @Test
  void limitBelowOne_isRefused() {
    assertThrows(IllegalArgumentException.class, () -> upTo(0));
  }

  private static GenerationSettings upTo(int tokens) {
    return GenerationSettings.builder().maxTokens(tokens).build();
  }
}
