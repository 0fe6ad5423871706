package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hbar.monitor.generation.GeneratedToken;
import dev.hbar.monitor.generation.GenerationModel;
import dev.hbar.monitor.generation.GenerationResult;
import dev.hbar.monitor.generation.GenerationSettings;
import dev.hbar.monitor.generation.TokenListener;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Signals, risk and policies in the server's answers are the library's. */
class ServerUncertaintyTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final String MESSAGES =
      "'messages': [{'role': 'user', 'content': 'What is the capital of France?'}]";

  /** Rows of a batch are summed in another order than one alone. */
  private static final double TOLERANCE = 2e-3;

  private static RunningServer server;
  private static GenerationModel model;

  @BeforeAll
  static void open() {
    server = RunningServer.watched();
    model = GenerationModel.open(RealCheckpoint.folder().toString());
  }

  @AfterAll
  static void close() {
    if (server != null) {
      server.close();
      model.close();
    }
  }

  private static List<JsonNode> list(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).toList();
  }

  /** The library's own answer to the question. */
  private static GenerationResult alone(GenerationSettings settings) throws Exception {
    JsonNode ids = server.ask("/v1/tokenize", "{" + MESSAGES + "}").get("tokens");
    int[] prompt = list(ids).stream().mapToInt(JsonNode::intValue).toArray();
    return model.generate(prompt, settings, TokenListener.NONE);
  }

  @Test
  void uncertainty_saysEverySignalOfEveryTokenAndTheAnswers() throws Exception {
    GenerationResult expected =
        alone(GenerationSettings.builder().maxTokens(6).allSignals().build());
    JsonNode answer = server.ask(CHAT, "{" + MESSAGES + ", 'max_tokens': 6, 'uncertainty': true}");
    JsonNode said = answer.at("/choices/0/uncertainty");
    assertEquals("detector", said.get("risk_of").textValue());
    assertEquals(0.5, said.get("threshold").doubleValue());
    assertEquals(6, said.get("tokens").size());
    double sum = 0;
    for (int i = 0; i < 6; i++) {
      JsonNode token = said.get("tokens").get(i);
      GeneratedToken known = expected.tokens().get(i);
      assertEquals(known.id(), token.get("id").intValue());
      assertEquals(known.signals().surprise(), token.get("surprise").doubleValue(), TOLERANCE);
      assertEquals(known.signals().hbar(), token.get("hbar_s").doubleValue(), TOLERANCE);
      assertEquals(known.signals().pri(), token.get("pri").doubleValue(), TOLERANCE);
      assertTrue(token.size() > 10, "signals beside the study's: " + token);
      double risk = token.get("risk").doubleValue();
      assertEquals(risk > 0.5, token.get("flagged").booleanValue());
      sum += token.get("surprise").doubleValue();
    }
    assertEquals(sum / 6, said.get("mean_surprise").doubleValue(), 1e-9);
    List<JsonNode> streamed =
        server
            .events(
                CHAT, "{" + MESSAGES + ", 'max_tokens': 6, 'uncertainty': true, 'stream': true}")
            .stream()
            .map(event -> event.at("/choices/0/uncertainty"))
            .filter(node -> node.has("surprise"))
            .toList();
    assertEquals(6, streamed.size());
    assertEquals(
        said.get("tokens").get(5).get("surprise").doubleValue(),
        streamed.get(5).get("surprise").doubleValue(),
        TOLERANCE);
  }

  private static JsonNode underPolicy(String policy, String threshold) throws Exception {
    return server.ask(
        CHAT,
        "{"
            + MESSAGES
            + ", 'max_tokens': 12, 'uncertainty': {'policy': '"
            + policy
            + "', 'threshold': "
            + threshold
            + ", 'text': 'I do not know.'}}");
  }

  @Test
  void policies_flagStopAndAbstainAtTheThreshold() throws Exception {
    JsonNode flagged = underPolicy("flag", "0.5");
    List<Double> risks =
        list(flagged.at("/choices/0/uncertainty/tokens")).stream()
            .map(token -> token.get("risk").doubleValue())
            .toList();
    double highest = risks.stream().mapToDouble(risk -> risk).max().orElseThrow();
    int at = risks.indexOf(highest);
    String justBelow = Double.toString(highest - 1e-3);
    JsonNode stopped = underPolicy("stop", justBelow);
    assertEquals("content_filter", stopped.at("/choices/0/finish_reason").textValue());
    assertTrue(stopped.at("/choices/0/uncertainty/halted").booleanValue());
    String whole = flagged.at("/choices/0/message/content").textValue();
    String begun = stopped.at("/choices/0/message/content").textValue();
    assertTrue(whole.startsWith(begun) && begun.length() < whole.length(), begun);
    assertTrue(stopped.at("/usage/completion_tokens").intValue() <= at + 1);
    JsonNode abstained = underPolicy("abstain", justBelow);
    assertEquals("I do not know.", abstained.at("/choices/0/message/content").textValue());
    JsonNode sure = underPolicy("abstain", "1");
    assertEquals(whole, sure.at("/choices/0/message/content").textValue());
    assertFalse(sure.at("/choices/0/uncertainty/halted").booleanValue());
  }
}
