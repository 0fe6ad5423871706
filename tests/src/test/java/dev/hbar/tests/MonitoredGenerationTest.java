package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hbar.mlx.NativeTest;
import dev.hbar.model.decode.Sampling;
import dev.hbar.monitor.generation.GeneratedToken;
import dev.hbar.monitor.generation.GenerationException;
import dev.hbar.monitor.generation.GenerationModel;
import dev.hbar.monitor.generation.GenerationResult;
import dev.hbar.monitor.generation.GenerationResult.StopReason;
import dev.hbar.monitor.generation.GenerationSettings;
import dev.hbar.monitor.generation.TokenListener;
import dev.hbar.monitor.risk.HaltPolicy;
import dev.hbar.monitor.risk.RiskRule;
import dev.hbar.monitor.signal.Signal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The public way to generate monitored text, on tiny checkpoints; no array may stay open. */
@NativeTest
class MonitoredGenerationTest {
  /** The study's own tolerance between engines. */
  private static final double SIGNAL_RELATIVE = 1e-3;

  private static final OptionalInt EIGHT = OptionalInt.of(8);

  /** A fixture whose PRI is highest so far at this step. */
  private static final String RISING = "bits_mixed";

  private static final int RISKY = 5;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"plain_float32", "one_token", "long_prompt", "cache_step"})
  void greedyGeneration_equalsTransformers(String name) throws IOException {
    Fixture fixture = Fixture.named(name);
    List<GeneratedToken> heard = new ArrayList<>();
    try (GenerationModel model = open(fixture)) {
      int steps = Math.min(8, model.config().maxPositionEmbeddings() - fixture.prompt().length);
      GenerationResult result =
          model.generate(fixture.prompt(), greedy(OptionalInt.of(steps)), heard::add);
      assertEquals(steps, result.tokens().size());
      assertEquals(result.tokens(), heard);
      assertEquals(StopReason.LENGTH, result.stop());
      for (int i = 0; i < steps; i++) {
        JsonNode expected = fixture.steps().get(i);
        var actual = result.tokens().get(i).signals();
        assertEquals(expected.get("token").asInt(), actual.token());
        double hbar = expected.get("hbar").asDouble();
        double pri = expected.get("pri").asDouble();
        assertEquals(hbar, actual.hbar(), SIGNAL_RELATIVE * hbar);
        assertEquals(pri, actual.pri(), SIGNAL_RELATIVE * pri);
      }
      assertEquals(model.tokenizer().decode(ids(result)), result.text());
    }
  }

  @Test
  void endOfSequence_endsTheTextWithoutBeingPartOfIt() throws IOException {
    Fixture fixture = Fixture.named("tied_plain");
    try (GenerationModel model = open(fixture)) {
      GenerationResult result =
          model.generate(fixture.prompt(), greedy(OptionalInt.of(20)), TokenListener.NONE);
      assertEquals(StopReason.EOS, result.stop());
      assertEquals(8, result.tokens().size());
      assertEquals(2, result.tokens().getLast().signals().token());
      assertEquals("", result.tokens().getLast().text());
    }
  }

  @Test
  void riskyToken_isDroppedAndStaysInTheTrajectory() throws IOException {
    Fixture fixture = Fixture.named(RISING);
    double between = between(fixture, RISKY);
    List<GeneratedToken> heard = new ArrayList<>();
    try (GenerationModel model = open(fixture)) {
      GenerationResult result = model.generate(fixture.prompt(), halting(between, 1), heard::add);
      assertEquals(StopReason.HALTED, result.stop());
      assertEquals(RISKY, result.step());
      assertEquals(RISKY, result.tokens().size());
      assertEquals(result.tokens(), heard);
      GeneratedToken dropped = result.dropped().orElseThrow();
      assertEquals(fixture.steps().get(RISKY).get("token").asInt(), dropped.signals().token());
      assertTrue(
          halting(between, 1).halt().isRisky(halting(between, 1).halt().risk(dropped.signals())));
      assertTrue(dropped.risk().isEmpty(), "no parameters were calibrated");
      assertEquals(dropped, result.trajectory().getLast());
      assertEquals(RISKY + 1, result.trajectory().size());
      assertEquals(model.tokenizer().decode(ids(result)), result.text());
    }
  }

  @Test
  void riskyTokenBetweenTwoChecks_isKept() throws IOException {
    Fixture fixture = Fixture.named(RISING);
    double between = between(fixture, RISKY);
    try (GenerationModel model = open(fixture)) {
      GenerationResult result =
          model.generate(fixture.prompt(), halting(between, 100), TokenListener.NONE);
      assertEquals(StopReason.LENGTH, result.stop());
      HaltPolicy policy = halting(between, 100).halt();
      assertTrue(policy.isRisky(policy.risk(result.tokens().get(RISKY).signals())));
    }
  }

  @Test
  void listenerThatStops_endsAfterThatToken() throws IOException {
    Fixture fixture = Fixture.named("plain_float32");
    List<GeneratedToken> heard = new ArrayList<>();
    try (GenerationModel model = open(fixture)) {
      GenerationResult result =
          model.generate(
              fixture.prompt(),
              greedy(EIGHT),
              token -> {
                heard.add(token);
                return heard.size() < 3;
              });
      assertEquals(StopReason.CANCELLED, result.stop());
      assertEquals(3, result.tokens().size());
    }
  }

  @Test
  void listenerThatThrows_leavesAUsableModel() throws IOException {
    Fixture fixture = Fixture.named("plain_float32");
    try (GenerationModel model = open(fixture)) {
      assertThrows(
          IllegalStateException.class,
          () ->
              model.generate(
                  fixture.prompt(),
                  greedy(EIGHT),
                  token -> {
                    throw new IllegalStateException("the listener's own");
                  }));
      GenerationResult after = model.generate(fixture.prompt(), greedy(EIGHT), TokenListener.NONE);
      assertEquals(8, after.tokens().size());
    }
  }

  @Test
  void sampledRun_repeatsWithItsSeedOnly() throws IOException {
    Fixture fixture = Fixture.named("plain_float32");
    try (GenerationModel model = open(fixture)) {
      GenerationResult first = model.generate(fixture.prompt(), sampled(5), TokenListener.NONE);
      GenerationResult again = model.generate(fixture.prompt(), sampled(5), TokenListener.NONE);
      GenerationResult other = model.generate(fixture.prompt(), sampled(6), TokenListener.NONE);
      assertEquals(first, again);
      assertNotEquals(first.signals(), other.signals());
    }
  }

  @Test
  void promptThatDoesNotFit_isRefusedWithBothNumbers() throws IOException {
    Fixture fixture = Fixture.named("plain_float32");
    try (GenerationModel model = open(fixture)) {
      int context = model.config().maxPositionEmbeddings();
      GenerationException.BadPrompt refused =
          assertThrows(
              GenerationException.BadPrompt.class,
              () -> model.generate(new int[context - 2], greedy(EIGHT), TokenListener.NONE));
      assertTrue(refused.getMessage().contains("8 new"), refused.getMessage());
      assertTrue(refused.getMessage().contains("" + context), refused.getMessage());
      GenerationResult shrunk =
          model.generate(new int[context - 2], GenerationSettings.DEFAULT, TokenListener.NONE);
      assertTrue(shrunk.tokens().size() <= 2);
    }
  }

  private GenerationModel open(Fixture fixture) throws IOException {
    return GenerationModel.open(fixture.withTokenizer(folder).toString());
  }

  /** A value that the PRI of one step exceeds and that of all steps before does not. */
  private static double between(Fixture fixture, int step) throws IOException {
    double before = 0;
    for (int i = 0; i < step; i++) {
      before = Math.max(before, fixture.steps().get(i).get("pri").asDouble());
    }
    double at = fixture.steps().get(step).get("pri").asDouble();
    assertTrue(at > before * 1.01, "the fixture must rise at this step");
    return (before + at) / 2;
  }

  private static GenerationSettings greedy(OptionalInt tokens) {
    GenerationSettings.Builder settings = GenerationSettings.builder();
    tokens.ifPresent(settings::maxTokens);
    return settings.build();
  }

  private static GenerationSettings halting(double tau, int every) {
    RiskRule rule = new RiskRule.OnSignal(Signal.PRI, 100, tau, false);
    HaltPolicy policy = new HaltPolicy(rule, 0.5, every, true);
    return greedy(EIGHT).toBuilder().halt(policy).build();
  }

  private static GenerationSettings sampled(long seed) {
    Sampling sampling = new Sampling(1.5f, 50, 0.95f, 0.01f, seed);
    return greedy(EIGHT).toBuilder().sampling(sampling).build();
  }

  private static int[] ids(GenerationResult result) {
    return result.tokens().stream().mapToInt(token -> token.signals().token()).toArray();
  }
}
