package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.NativeTest;
import dev.hbar.model.family.CausalLm;
import dev.hbar.model.layer.MaskChoice;
import dev.hbar.study.parity.Preset;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A preset holds its known answer against whatever model it is run on. */
@NativeTest
class PresetTest {
  private static final double TOLERANCE = 0.1;

  private static Preset.Result run(String fixtureName, int token, double logit) throws IOException {
    Fixture fixture = Fixture.named(fixtureName);
    List<Integer> prompt = Arrays.stream(fixture.prompt()).boxed().toList();
    Preset preset = new Preset("tiny", List.of("a/b"), prompt, token, logit, TOLERANCE);
    try (CausalLm model = Loaded.model(fixtureName, DType.FLOAT32, MaskChoice.AUTO)) {
      return preset.run(model, fixtureName, "cpu");
    }
  }

  private static int token(String fixture) throws IOException {
    return Fixture.named(fixture).steps().get(0).get("token").asInt();
  }

  private static double logit(String fixture) throws IOException {
    return Fixture.named(fixture).expected("logits")[token(fixture)];
  }

  @Test
  void answerOfTransformers_holds() throws IOException {
    double expected = logit("plain_float32");
    Preset.Result result = run("plain_float32", token("plain_float32"), expected + 0.05);
    assertTrue(result.holds());
    assertTrue(result.isLogitChecked());
    assertEquals(expected, result.logit(), 1e-4);
  }

  @Test
  void otherToken_doesNotHold() throws IOException {
    int token = token("plain_float32");
    Preset.Result result = run("plain_float32", token + 1, logit("plain_float32"));
    assertFalse(result.holds());
    assertEquals(token, result.token());
  }

  @Test
  void otherLogit_doesNotHold() throws IOException {
    double far = logit("plain_float32") + 2 * TOLERANCE;
    assertFalse(run("plain_float32", token("plain_float32"), far).holds());
  }

  /** Packed weights are other weights. */
  @Test
  void quantizedModel_answersForItsTokenOnly() throws IOException {
    Preset.Result result = run("llama_tied", token("llama_tied"), 1000);
    assertFalse(result.isLogitChecked());
    assertTrue(result.holds());
    assertFalse(run("llama_tied", token("llama_tied") + 1, 1000).holds());
  }

  @Test
  void knownCaseOfAnEarlierEngine_isAsItWasReported() {
    Preset preset = Preset.named(Preset.all(), "qwen2.5-0.5b-hello").orElseThrow();
    assertEquals(List.of(9707), preset.prompt());
    assertEquals(271, preset.token());
    assertEquals(12.84, preset.logit());
    assertEquals("Qwen/Qwen2.5-0.5B-Instruct", preset.repositories().getFirst());
  }
}
