package dev.hbar.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hbar.model.answer.Answer;
import dev.hbar.model.answer.ToolCall;
import dev.hbar.model.decode.Sampling;
import dev.hbar.monitor.generation.GeneratedToken;
import dev.hbar.monitor.generation.GenerationResult;
import dev.hbar.monitor.generation.GenerationResult.StopReason;
import dev.hbar.monitor.generation.GenerationSettings;
import dev.hbar.monitor.risk.HaltPolicy;
import dev.hbar.monitor.risk.RiskRule;
import dev.hbar.monitor.signal.Signal;
import dev.hbar.monitor.signal.TokenSignals;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class GenerationReportTest {
  private static final GenerationReport.Origin ORIGIN =
      new GenerationReport.Origin("tiny", "cpu", "hi", "<user>hi", 3);

  @Test
  void finishedGeneration_isOneLine() {
    GenerationResult result = result(StopReason.EOS, token(" a\n", 1), token("", 3));
    assertEquals(
        "2 tokens, 4.0 tokens/s, stop: eos; mean hbar 2.000 PRI 2.000, top-5 hbar 2.000 PRI 2.000; "
            + "most surprising step 0 \" a\\n\", 1.00 nats",
        GenerationReport.line(result, GenerationSettings.DEFAULT, 4));
  }

  @Test
  void calibratedCutoff_isRounded() {
    HaltPolicy calibrated =
        new HaltPolicy(new RiskRule.OnSignal(Signal.PRI, 5, 2, false), 0.49979694301, 1, false);
    GenerationSettings settings = GenerationSettings.builder().halt(calibrated).build();
    String line = GenerationReport.line(result(StopReason.EOS, token("a", 3)), settings, 4);
    assertTrue(line.endsWith(", 1 above 0.4998"), line);
  }

  @Test
  void haltedGeneration_namesTheStepAndTheUnsaidText() {
    String line = GenerationReport.line(halted(), GenerationSettings.DEFAULT, 0);
    assertTrue(
        line.startsWith("1 tokens, stop: halted at step 1 before \" b\\n\", risk 0.993;"), line);
    assertEquals(1, line.lines().count());
  }

  @Test
  void json_holdsTheDroppedTokenLast() throws IOException {
    JsonNode json = tree(GenerationSettings.DEFAULT);
    assertEquals("hi", json.get("prompt").asText());
    assertEquals("<user>hi", json.get("input").asText());
    assertEquals(" a", json.get("text").asText());
    assertEquals("halted", json.get("stop").asText());
    assertEquals(1, json.get("step").asInt());
    JsonNode last = json.get("trajectory").get(1);
    assertEquals(
        List.of("token", "hbar", "dmu", "dsigma", "surprise", "dh", "pri", "text", "risk"),
        last.propertyStream().map(Map.Entry::getKey).toList());
    assertEquals(1 / (1 + Math.exp(-5)), last.get("risk").asDouble());
    assertEquals(3, last.get("hbar").asDouble());
  }

  @Test
  void answer_isTakenApartInTheJson() throws IOException {
    Answer answer =
        new Answer("hm", "Both.", List.of(new ToolCall("f", "{\"a\":1}"), new ToolCall("g", "{}")));
    JsonNode json =
        new ObjectMapper()
            .readTree(
                GenerationReport.json(
                    ORIGIN,
                    GenerationSettings.DEFAULT,
                    halted(),
                    Optional.of(answer),
                    Optional.of(new GenerationReport.Abstention(0.5, 0.5))));
    assertFalse(json.get("abstention").get("abstained").asBoolean(), "not above");
    assertEquals("hm", json.get("reasoning").asText());
    assertEquals("Both.", json.get("content").asText());
    assertEquals(
        "[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"a\\\":1}\"}},"
            + "{\"type\":\"function\",\"function\":{\"name\":\"g\",\"arguments\":\"{}\"}}]",
        json.get("tool_calls").toString());
    assertFalse(tree(GenerationSettings.DEFAULT).has("content"));
  }

  @Test
  void answerKeptBack_hasNoText() throws IOException {
    Answer answer = new Answer("hm", "Both.", List.of());
    JsonNode json =
        new ObjectMapper()
            .readTree(
                GenerationReport.json(
                    ORIGIN,
                    GenerationSettings.DEFAULT,
                    halted(),
                    Optional.of(answer),
                    Optional.of(new GenerationReport.Abstention(0.5, 0.75))));
    assertEquals("", json.get("text").asText());
    assertFalse(json.has("content"));
    assertEquals(
        "{\"above\":0.5,\"probability\":0.75,\"abstained\":true}",
        json.get("abstention").toString());
    assertEquals(2, json.get("trajectory").size());
    GenerationReport.Abstention unseen = GenerationReport.Abstention.of(halted(), 0.99);
    assertEquals(1, unseen.probability(), 0, "no token was looked at");
    assertEquals("abstained: the detector gives the answer 1.000, above 0.99", unseen.words());
  }

  @Test
  void penaltiesAndBias_areInTheProvenanceOfAGreedyRunToo() throws IOException {
    Sampling sampling =
        Sampling.GREEDY
            .with(new Sampling.Penalties(1.5f, 0.5f, -0.25f))
            .withLogitBias(Map.of(12, -2f, 3, 0.5f));
    JsonNode node = tree(GenerationSettings.builder().sampling(sampling).build()).get("sampling");
    assertEquals(
        "{\"temperature\":0.0,\"repetition_penalty\":1.5,\"presence_penalty\":0.5,"
            + "\"frequency_penalty\":-0.25,\"logit_bias\":{\"3\":0.5,\"12\":-2.0}}",
        node.toString());
  }

  @Test
  void sampledRun_saysHowToRepeatIt() throws IOException {
    GenerationSettings sampled =
        GenerationSettings.builder().sampling(new Sampling(0.5f, 4, 0.9f, 0.1f, 77)).build();
    assertEquals(77, tree(sampled).get("sampling").get("seed").asLong());
    assertEquals(4, tree(sampled).get("sampling").get("top_k").asInt());
    assertTrue(GenerationReport.line(halted(), sampled, 0).endsWith("; seed 77"));
  }

  private static JsonNode tree(GenerationSettings settings) throws IOException {
    return new ObjectMapper().readTree(GenerationReport.json(ORIGIN, settings, halted()));
  }

  private static GenerationResult halted() {
    return new GenerationResult(
        StopReason.HALTED, List.of(token(" a", 1)), Optional.of(token(" b\n", 3)), " a");
  }

  private static GenerationResult result(StopReason stop, GeneratedToken... tokens) {
    return new GenerationResult(stop, List.of(tokens), Optional.empty(), "text");
  }

  private static GeneratedToken token(String text, double value) {
    return new GeneratedToken(
        new TokenSignals(7, value, 1, 1, 1, 0, value), text, OptionalDouble.empty(), List.of());
  }
}
