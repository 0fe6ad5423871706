package dev.hbar.monitor.generation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.model.decode.Sampling;
import dev.hbar.monitor.risk.HaltPolicy;
import dev.hbar.monitor.risk.RiskRule;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
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

  @Test
  void builder_setsEachAndKeepsTheOthers() {
    HaltPolicy halt = new HaltPolicy(RiskRule.STUDY, 0.5, 2, true);
    GenerationSettings all =
        GenerationSettings.builder()
            .maxTokens(3)
            .sampling(Sampling.at(0.5f, 9))
            .alpha(0.25)
            .halt(halt)
            .stop("a", "b")
            .alternatives(4)
            .allSignals()
            .blockDrifts()
            .timeout(Duration.ofMillis(1))
            .build();
    GenerationSettings wanted =
        new GenerationSettings(
            OptionalInt.of(3),
            Sampling.at(0.5f, 9),
            0.25,
            halt,
            List.of("a", "b"),
            4,
            true,
            true,
            Optional.of(Duration.ofMillis(1)));
    assertEquals(wanted, all);
    assertEquals(wanted, all.toBuilder().build());
    assertEquals(GenerationSettings.DEFAULT, GenerationSettings.builder().build());
    assertEquals(Optional.empty(), all.detector());
  }

  @Test
  void numbersAtTheEndsOfTheirRange_areTaken() {
    assertEquals(100, GenerationSettings.builder().alternatives(100).build().alternatives());
    assertEquals(0, GenerationSettings.builder().alternatives(0).build().alternatives());
    assertEquals(0, GenerationSettings.builder().alpha(0).build().alpha());
    assertEquals(OptionalInt.of(1), upTo(1).maxTokens());
    refused(GenerationSettings.builder().alternatives(101));
    refused(GenerationSettings.builder().alternatives(-1));
    refused(GenerationSettings.builder().alpha(Math.nextDown(0.0)));
    refused(GenerationSettings.builder().alpha(Double.POSITIVE_INFINITY));
    refused(GenerationSettings.builder().timeout(Duration.ZERO));
    refused(GenerationSettings.builder().timeout(Duration.ofMillis(-1)));
    refused(GenerationSettings.builder().stop("a", ""));
    GenerationSettings plain = GenerationSettings.DEFAULT;
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new GenerationSettings(
                plain.maxTokens(),
                plain.sampling(),
                1,
                plain.halt(),
                List.of(),
                0,
                false,
                true,
                Optional.empty()));
  }

  private static void refused(GenerationSettings.Builder settings) {
    assertThrows(IllegalArgumentException.class, settings::build);
  }

  @Test
  void biasOfTheLastId_isKnownAndOfTheNextIsNot() {
    GenerationSettings biased =
        GenerationSettings.builder()
            .sampling(Sampling.GREEDY.withLogitBias(Map.of(3, 1f, 49, 2f)))
            .build();
    biased.requireKnownBias(50);
    GenerationException.BadPrompt refused =
        assertThrows(GenerationException.BadPrompt.class, () -> biased.requireKnownBias(49));
    assertEquals(
        "logit bias for token 49, but the model's ids end at 48; leave it out",
        refused.getMessage());
    GenerationSettings.DEFAULT.requireKnownBias(1);
  }

  private static GenerationSettings upTo(int tokens) {
    return GenerationSettings.builder().maxTokens(tokens).build();
  }
}
