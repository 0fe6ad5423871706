package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hbar.model.capture.CapturePoint;
import dev.hbar.monitor.generation.GeneratedToken;
import dev.hbar.monitor.generation.GenerationModel;
import dev.hbar.monitor.generation.GenerationResult;
import dev.hbar.monitor.generation.GenerationSettings;
import dev.hbar.monitor.generation.ScoredToken;
import dev.hbar.monitor.generation.TokenListener;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the server says of the real checkpoint is what the library says of it. */
class ServerTest {
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

  private static String texts(List<JsonNode> nodes, String pointer) {
    StringBuilder text = new StringBuilder();
    nodes.forEach(node -> text.append(node.at(pointer).asText("")));
    return text.toString();
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
  void chat_isTheLibrarysAnswerWithItsNumbers() throws Exception {
    GenerationResult expected =
        alone(GenerationSettings.builder().maxTokens(12).alternatives(3).build());
    JsonNode answer =
        server.ask(
            CHAT, "{" + MESSAGES + ", 'max_tokens': 12, 'logprobs': true, 'top_logprobs': 3}");
    assertEquals(expected.text(), answer.at("/choices/0/message/content").textValue());
    JsonNode content = answer.at("/choices/0/logprobs/content");
    List<GeneratedToken> tokens =
        expected.tokens().stream()
            .filter(token -> !model.config().eosTokenIds().contains(token.id()))
            .toList();
    assertEquals(tokens.size(), content.size());
    for (int i = 0; i < tokens.size(); i++) {
      JsonNode said = content.get(i);
      assertEquals(tokens.get(i).logProbability(), said.get("logprob").doubleValue(), TOLERANCE);
      int[] bytes = list(said.get("bytes")).stream().mapToInt(JsonNode::intValue).toArray();
      byte[] known = model.tokenizer().bytes(tokens.get(i).id());
      assertEquals(known.length, bytes.length);
      for (int b = 0; b < bytes.length; b++) {
        assertEquals(known[b] & 0xFF, bytes[b]);
      }
      assertEquals(3, said.get("top_logprobs").size());
      assertEquals(
          tokens.get(i).alternatives().get(2).logProbability(),
          said.at("/top_logprobs/2/logprob").doubleValue(),
          TOLERANCE);
    }
    assertEquals(expected.tokens().size(), answer.at("/usage/completion_tokens").intValue());
  }

  @Test
  void streamedChat_isTheWholeOneInPieces() throws Exception {
    String body = "{" + MESSAGES + ", 'max_tokens': 12, 'logprobs': true";
    JsonNode whole = server.ask(CHAT, body + "}");
    List<JsonNode> events =
        server.events(CHAT, body + ", 'stream': true, 'stream_options': {'include_usage': true}}");
    assertEquals(
        whole.at("/choices/0/message/content").textValue(),
        texts(events, "/choices/0/delta/content"));
    List<JsonNode> logprobs = new ArrayList<>();
    events.forEach(event -> logprobs.addAll(list(event.at("/choices/0/logprobs/content"))));
    List<JsonNode> expected = list(whole.at("/choices/0/logprobs/content"));
    assertEquals(expected.size(), logprobs.size());
    for (int i = 0; i < expected.size(); i++) {
      assertEquals(expected.get(i).get("token"), logprobs.get(i).get("token"));
    }
    assertEquals("assistant", events.getFirst().at("/choices/0/delta/role").textValue());
    assertEquals(
        whole.at("/choices/0/finish_reason").textValue(),
        events.get(events.size() - 2).at("/choices/0/finish_reason").textValue());
    assertEquals(
        whole.at("/usage/completion_tokens"), events.getLast().at("/usage/completion_tokens"));
  }

  @Test
  void echo_isTheScoreOfThePrompt() throws Exception {
    String text = "The capital of France is Paris.";
    int[] ids = model.tokenizer().encode(text);
    List<ScoredToken> scored = model.score(ids, 1, 2);
    JsonNode answer =
        server.ask(
            "/v1/completions",
            "{'prompt': '" + text + "', 'max_tokens': 0, 'echo': true, 'logprobs': 2}");
    JsonNode logprobs = answer.at("/choices/0/logprobs");
    assertEquals(text, answer.at("/choices/0/text").textValue());
    assertEquals(ids.length, logprobs.get("tokens").size());
    assertTrue(logprobs.get("token_logprobs").get(0).isNull());
    for (int i = 0; i < scored.size(); i++) {
      assertEquals(
          scored.get(i).logProbability(),
          logprobs.get("token_logprobs").get(i + 1).doubleValue(),
          TOLERANCE);
    }
    JsonNode split =
        server.ask("/v1/score", "{'prompt': 'The capital of France is', 'answer': ' Paris.'}");
    List<JsonNode> ofAnswer = list(split.get("tokens"));
    assertEquals(2, ofAnswer.size());
    double last = logprobs.get("token_logprobs").get(ids.length - 1).doubleValue();
    assertEquals(last, ofAnswer.getLast().get("logprob").doubleValue(), TOLERANCE);
  }

  @Test
  void echoOfOneToken_hasNoScoreBeforeTheAnswers() throws Exception {
    String body = "{'prompt': ['Hi', [3]], 'max_tokens': 2, 'echo': true, 'logprobs': 1}";
    for (JsonNode choice : server.ask("/v1/completions", body).get("choices")) {
      JsonNode logprobs = choice.get("logprobs");
      assertEquals(3, logprobs.get("tokens").size());
      assertTrue(logprobs.get("token_logprobs").get(0).isNull());
      assertTrue(logprobs.get("top_logprobs").get(0).isNull());
      assertTrue(logprobs.get("token_logprobs").get(1).doubleValue() < 0);
    }
    for (String empty : new String[] {"''", "[]", "['Hi', '']"}) {
      String said = server.post("/v1/completions", body.replace("['Hi', [3]]", empty)).body();
      String message = RunningServer.JSON.readTree(said).at("/error/message").textValue();
      assertEquals("prompt: must not be empty", message);
    }
  }

  @Test
  void stopString_endsTheTextBeforeIt() throws Exception {
    JsonNode whole = server.ask(CHAT, "{" + MESSAGES + ", 'max_tokens': 20}");
    String text = whole.at("/choices/0/message/content").textValue();
    assertTrue(text.contains("Paris"), text);
    JsonNode cut =
        server.ask(CHAT, "{" + MESSAGES + ", 'max_tokens': 20, 'stop': ['zzz', 'Pari']}");
    assertEquals(
        text.substring(0, text.indexOf("Pari")), cut.at("/choices/0/message/content").textValue());
    assertEquals("stop", cut.at("/choices/0/finish_reason").textValue());
    JsonNode message =
        server.ask(
            "/v1/messages", "{" + MESSAGES + ", 'max_tokens': 20, 'stop_sequences': ['Pari']}");
    assertEquals("stop_sequence", message.get("stop_reason").textValue());
    assertEquals("Pari", message.get("stop_sequence").textValue());
  }

  @Test
  void severalAnswers_areEachOfItsSeedAndComeAgain() throws Exception {
    String body = "{" + MESSAGES + ", 'max_tokens': 5, 'temperature': 1.5, 'seed': ";
    JsonNode three = server.ask(CHAT, body + "7, 'n': 3}");
    JsonNode again = server.ask(CHAT, body + "7, 'n': 3}");
    assertEquals(3, three.get("choices").size());
    assertEquals(
        texts(list(three.get("choices")), "/message/content"),
        texts(list(again.get("choices")), "/message/content"));
    JsonNode second = server.ask(CHAT, body + "8}");
    assertEquals(second.at("/choices/0/message/content"), three.at("/choices/1/message/content"));
    assertNotEquals(three.at("/choices/0/message/content"), three.at("/choices/1/message/content"));
    List<JsonNode> events = server.events(CHAT, body + "7, 'n': 3, 'stream': true}");
    List<JsonNode> ofLast =
        events.stream().filter(event -> event.at("/choices/0/index").intValue() == 2).toList();
    assertEquals(
        three.at("/choices/2/message/content").textValue(),
        texts(ofLast, "/choices/0/delta/content"));
  }

  @Test
  void biasAndPenalties_changeTheChoice() throws Exception {
    int token = model.tokenizer().encode(" Paris", false)[0];
    JsonNode forced =
        server.ask(
            "/v1/completions",
            "{'prompt': 'The', 'max_tokens': 3, 'logit_bias': {'" + token + "': 100}}");
    assertEquals(" Paris Paris Paris", forced.at("/choices/0/text").textValue());
    JsonNode varied =
        server.ask(
            "/v1/completions",
            "{'prompt': 'The', 'max_tokens': 3, 'logit_bias': {'"
                + token
                + "': 20}, 'frequency_penalty': 2, 'presence_penalty': 2, 'repetition_penalty': 50}");
    assertNotEquals(" Paris Paris Paris", varied.at("/choices/0/text").textValue());
  }

  @Test
  void everyProtocol_givesTheSameText() throws Exception {
    String chat =
        server
            .ask(CHAT, "{" + MESSAGES + ", 'max_tokens': 12}")
            .at("/choices/0/message/content")
            .textValue();
    String input = "'input': 'What is the capital of France?', 'max_output_tokens': 12";
    JsonNode response = server.ask("/v1/responses", "{" + input + "}");
    assertEquals(chat, response.at("/output/0/content/0/text").textValue());
    List<JsonNode> events = server.events("/v1/responses", "{" + input + ", 'stream': true}");
    for (int i = 0; i < events.size(); i++) {
      assertEquals(i, events.get(i).get("sequence_number").intValue());
    }
    assertEquals(
        chat,
        texts(
            events.stream()
                .filter(e -> e.get("type").textValue().equals("response.output_text.delta"))
                .toList(),
            "/delta"));
    String question = "{" + MESSAGES + ", 'max_tokens': 12";
    JsonNode message = server.ask("/v1/messages", question + "}");
    assertEquals(chat, message.at("/content/0/text").textValue());
    assertEquals(
        chat, texts(server.events("/v1/messages", question + ", 'stream': true}"), "/delta/text"));
  }

  @Test
  void secondTurn_readsOnlyWhatIsNew() throws Exception {
    String first = "'role': 'user', 'content': 'Name a colour, then explain why it is one.'";
    JsonNode answer = server.ask(CHAT, "{'messages': [{" + first + "}], 'max_tokens': 8}");
    String said = RunningServer.JSON.writeValueAsString(answer.at("/choices/0/message/content"));
    JsonNode second =
        server.ask(
            CHAT,
            "{'messages': [{"
                + first
                + "}, {'role': 'assistant', 'content': "
                + said
                + "}, {'role': 'user', 'content': 'Another'}], 'max_tokens': 4}");
    int reused = second.at("/usage/prompt_tokens_details/cached_tokens").intValue();
    assertTrue(reused >= answer.at("/usage/prompt_tokens").intValue() - 1, reused + " tokens");
    assertTrue(reused < second.at("/usage/prompt_tokens").intValue());
  }

  @Test
  void embedding_isTheMeanOfTheBlocksStatesInEitherForm() throws Exception {
    JsonNode answer = server.ask("/v1/embeddings", "{'input': ['hello world', 'bye'], 'block': 5}");
    assertEquals(2, answer.get("data").size());
    CapturePoint point = new CapturePoint.BlockOutput(5);
    float[][] states = model.hiddenStates("hello world", List.of(point)).get(point.label());
    float[] mean = new float[states[0].length];
    for (float[] state : states) {
      for (int d = 0; d < mean.length; d++) {
        mean[d] += state[d] / states.length;
      }
    }
    float[] said = new float[mean.length];
    for (int d = 0; d < said.length; d++) {
      said[d] = answer.at("/data/0/embedding").get(d).floatValue();
    }
    assertArrayEquals(mean, said, 1e-3f);
    JsonNode packed =
        server.ask(
            "/v1/embeddings", "{'input': 'hello world', 'block': 5, 'encoding_format': 'base64'}");
    ByteBuffer bytes =
        ByteBuffer.wrap(Base64.getDecoder().decode(packed.at("/data/0/embedding").textValue()))
            .order(ByteOrder.LITTLE_ENDIAN);
    assertEquals(said[3], bytes.getFloat(12), 1e-6f);
  }
}
