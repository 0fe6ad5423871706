package dev.hbar.serve.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hbar.model.answer.ToolCall;
import dev.hbar.monitor.generation.GeneratedToken;
import dev.hbar.monitor.generation.GenerationResult;
import dev.hbar.monitor.generation.GenerationResult.StopReason;
import dev.hbar.monitor.risk.HaltPolicy;
import dev.hbar.monitor.risk.RiskRule;
import dev.hbar.monitor.signal.Signal;
import dev.hbar.monitor.signal.TokenSignals;
import dev.hbar.serve.engine.Job;
import dev.hbar.serve.engine.RiskPolicy;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class UncertaintyTest {
  private static final HaltPolicy CALIBRATED =
      new HaltPolicy(new RiskRule.OnSignal(Signal.PRI, 5, 2, true), 0.5, 1, true);
  private static final Uncertainty WANTED = new Uncertainty(true, true, RiskPolicy.FLAGGING);

  private static GeneratedToken token(
      int id, double hbar, double surprise, double pri, OptionalDouble risk) {
    return new GeneratedToken(
        new TokenSignals(id, hbar, 1, 1, surprise, 0, pri), "t" + id, risk, List.of());
  }

  private static Job.Answer answer(StopReason stop, int reused, GeneratedToken... tokens) {
    GenerationResult result = new GenerationResult(stop, List.of(tokens), Optional.empty(), "");
    return new Job.Answer(result, "", List.of(tokens), reused);
  }

  private static JsonNode json(String json) throws Exception {
    return new ObjectMapper().readTree(json.replace('\'', '"'));
  }

  @Test
  void token_saysItsSignalsRiskAndFlag() throws Exception {
    JsonNode at = WANTED.token(CALIBRATED, token(7, 2.5, 0.25, 1.5, OptionalDouble.of(0.5)));
    assertEquals(
        json(
            "{'id': 7, 'text': 't7', 'surprise': 0.25, 'hbar_s': 2.5, 'pri': 1.5, 'risk': 0.5,"
                + " 'flagged': false}"),
        json(at.toString()));
    double above = Math.nextUp(0.5);
    JsonNode risky = WANTED.token(CALIBRATED, token(7, 2, 1, 1, OptionalDouble.of(above)));
    assertEquals("true", risky.get("flagged").toString());
    Map<Signal, Double> more = new LinkedHashMap<>(Map.of(Signal.drift(9), 0.75));
    GeneratedToken drifted =
        new GeneratedToken(
            TokenSignals.of(7, 2, 1, 1, 0, 0.1).with(more), "x", OptionalDouble.empty(), List.of());
    JsonNode plain = WANTED.token(CALIBRATED, drifted);
    assertEquals(0.75, plain.get("drift_9").doubleValue());
    assertEquals(6, plain.size(), "no risk, none of the study's signals twice");
  }

  @Test
  void answer_hasMeansTheLeastSureTokenAndItsFlags() throws Exception {
    Job.Answer answer =
        answer(
            StopReason.HALTED,
            0,
            token(1, 2, 0.5, 1, OptionalDouble.of(0.25)),
            token(2, 3, 1.5, 2, OptionalDouble.of(0.75)),
            token(3, 7, 0.25, 6, OptionalDouble.of(0.875)));
    JsonNode found = WANTED.answer(CALIBRATED, answer);
    assertEquals("pri", found.get("risk_of").textValue());
    assertEquals(0.5, found.get("threshold").doubleValue());
    assertEquals("flag", found.get("policy").textValue());
    assertEquals("true", found.get("halted").toString());
    assertEquals(0.75, found.get("mean_surprise").doubleValue());
    assertEquals(4, found.get("mean_hbar_s").doubleValue());
    assertEquals(3, found.get("mean_pri").doubleValue());
    assertEquals(1.5, found.get("max_surprise").doubleValue());
    assertEquals(0.875, found.get("max_risk").doubleValue());
    assertEquals(2, found.get("flagged_tokens").intValue());
    assertEquals(
        List.of(1, 2, 3),
        found.get("tokens").findValues("id").stream().map(JsonNode::intValue).toList());
  }

  @Test
  void answerWithoutRiskOrTokens_saysLess() throws Exception {
    Uncertainty brief = new Uncertainty(false, false, RiskPolicy.FLAGGING);
    JsonNode empty = brief.answer(HaltPolicy.FLAGGING, answer(StopReason.EOS, 0));
    assertEquals(json("{'policy': 'flag', 'halted': false}"), empty);
    JsonNode one =
        brief.answer(
            HaltPolicy.FLAGGING,
            answer(StopReason.EOS, 0, token(1, 2, 1, 3, OptionalDouble.empty())));
    assertEquals(
        List.of("policy", "halted", "mean_surprise", "mean_hbar_s", "mean_pri", "max_surprise"),
        one.properties().stream().map(Map.Entry::getKey).toList());
  }

  @Test
  void usage_addsTheTokensOfAllAnswersAndTheLongestReusedPrompt() throws Exception {
    GeneratedToken token = token(1, 2, 1, 3, OptionalDouble.empty());
    List<Job.Answer> answers =
        List.of(
            answer(StopReason.EOS, 3, token, token),
            answer(StopReason.LENGTH, 5, token),
            answer(StopReason.EOS, 4));
    assertEquals(
        json(
            "{'prompt_tokens': 9, 'completion_tokens': 3, 'total_tokens': 12,"
                + " 'prompt_tokens_details': {'cached_tokens': 5}}"),
        OpenAi.usage(9, answers));
    assertEquals(
        0, OpenAi.usage(9, List.of()).at("/prompt_tokens_details/cached_tokens").intValue());
  }

  @Test
  void stopReasons_haveOpenAisWords() {
    assertEquals(
        Map.of("stop", 3L, "length", 2L, "content_filter", 1L),
        Arrays.stream(StopReason.values())
            .collect(Collectors.groupingBy(OpenAi::finishReason, Collectors.counting())));
    assertEquals("stop", OpenAi.finishReason(StopReason.STOP));
    assertEquals("length", OpenAi.finishReason(StopReason.TIMEOUT));
    assertEquals("content_filter", OpenAi.finishReason(StopReason.HALTED));
  }

  @Test
  void call_hasAnIdOfItsOwn() {
    var node = OpenAi.JSON.objectNode();
    OpenAi.call(node, new ToolCall("f", "{}"));
    assertEquals("function", node.get("type").textValue());
    assertEquals("f", node.at("/function/name").textValue());
    assertEquals("{}", node.at("/function/arguments").textValue());
    assertEquals(
        1,
        node.findValuesAsText("id").stream().filter(id -> id.matches("call_[0-9a-f]{32}")).count());
  }

  @Test
  void streamedText_beginsAnewAfterAnAnswer() {
    StreamedText sent = new StreamedText();
    sent.add("ab");
    sent.add("c");
    assertEquals("de", sent.rest("abcde"));
    assertEquals("abc", sent.rest("abc"), "of the next answer nothing was sent");
    sent.add("abcd");
    assertEquals("", sent.rest("abc"), "taken back");
  }
}
