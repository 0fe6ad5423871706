package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionTokenLogprob;
import com.openai.models.chat.completions.ChatCompletionToolChoiceOption;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import com.openai.models.completions.Completion;
import com.openai.models.completions.CompletionCreateParams;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.models.Model;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseStreamEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** OpenAI's official Java client, as its users write it, against the server. */
class OpenAiJavaClientTest {
  private static final String QUESTION = "What is the capital of France?";
  private static final int TOKENS = 12;

  private static RunningServer server;
  private static OpenAIClient client;

  /** What the server says to a plain HTTP client. */
  private static String text;

  /** Facts of a city, which the client turns into a schema. */
  @JsonClassDescription("Facts of a city.")
  static class City {
    /** Which one. */
    public String name = "";

    /** Of its temperatures. */
    public Unit unit = Unit.C;

    /** Celsius or Fahrenheit. */
    enum Unit {
      C,
      F
    }
  }

  /** As much of the extension as is read here. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  record Uncertain(
      @JsonProperty("mean_surprise") double meanSurprise, double surprise, boolean flagged) {}

  @BeforeAll
  static void open() throws Exception {
    server = RunningServer.watched();
    client =
        OpenAIOkHttpClient.builder()
            .baseUrl(server.url() + "/v1")
            .apiKey("none")
            .maxRetries(0)
            .build();
    String body = "{'messages': [{'role': 'user', 'content': '%s'}], 'max_tokens': %d}";
    text =
        server
            .ask("/v1/chat/completions", body.formatted(QUESTION, TOKENS))
            .at("/choices/0/message/content")
            .textValue();
    assertTrue(text.contains("Paris"), text);
  }

  @AfterAll
  static void close() {
    if (server != null) {
      client.close();
      server.close();
    }
  }

  private static ChatCompletionCreateParams.Builder question() {
    return ChatCompletionCreateParams.builder()
        .model(RunningServer.MODEL)
        .addUserMessage(QUESTION)
        .maxCompletionTokens(TOKENS);
  }

  private static ChatCompletion ask(ChatCompletionCreateParams.Builder request) {
    return client.chat().completions().create(request.build());
  }

  @Test
  void models_areListedByTheNamesThatRequestsGive() {
    assertEquals(
        List.of(RunningServer.MODEL),
        client.models().list().data().stream().map(Model::id).toList());
    assertEquals("hbar", client.models().retrieve(RunningServer.MODEL).ownedBy());
  }

  @Test
  void chat_hasItsTextLogProbabilitiesAndUncertainty() {
    ChatCompletion.Choice choice = ask(question().logprobs(true).topLogprobs(2)).choices().get(0);
    assertEquals(text, choice.message().content().orElseThrow());
    List<ChatCompletionTokenLogprob> tokens =
        choice.logprobs().orElseThrow().content().orElseThrow();
    assertEquals(text, String.join("", tokens.stream().map(token -> token.token()).toList()));
    double worst = 0;
    for (ChatCompletionTokenLogprob token : tokens) {
      int bytes = token.token().getBytes(StandardCharsets.UTF_8).length;
      assertEquals(bytes, token.bytes().orElseThrow().size());
      assertEquals(2, token.topLogprobs().size());
      assertEquals(token.logprob(), token.topLogprobs().get(0).logprob(), 1e-4);
      worst = Math.max(worst, -token.logprob());
    }
    double mean = uncertainty(choice._allProperties()).meanSurprise();
    assertTrue(mean > 0 && mean < worst, mean + " of at most " + worst);
  }

  private static Uncertain uncertainty(Map<String, JsonValue> beside) {
    return beside.get("uncertainty").convert(Uncertain.class);
  }

  @Test
  void streamedChat_isTheWholeOneWithASurpriseForEveryToken() {
    ChatCompletionAccumulator whole = ChatCompletionAccumulator.create();
    List<Double> surprises = new ArrayList<>();
    ChatCompletionCreateParams request =
        question()
            .streamOptions(ChatCompletionStreamOptions.builder().includeUsage(true).build())
            .putAdditionalBodyProperty("uncertainty", JsonValue.from(true))
            .build();
    try (StreamResponse<ChatCompletionChunk> stream =
        client.chat().completions().createStreaming(request)) {
      stream.stream()
          .peek(whole::accumulate)
          .flatMap(chunk -> chunk.choices().stream())
          .filter(choice -> choice._allProperties().containsKey("uncertainty"))
          .map(choice -> uncertainty(choice._allProperties()).surprise())
          .filter(surprise -> surprise > 0)
          .forEach(surprises::add);
    }
    ChatCompletion answer = whole.chatCompletion();
    assertEquals(text, answer.choices().get(0).message().content().orElseThrow());
    long said = answer.usage().orElseThrow().completionTokens();
    // The token that ends the text is no part of it.
    assertTrue(said - surprises.size() <= 1 && said >= surprises.size(), said + ": " + surprises);
  }

  @Test
  void clientsOwnSchemaOfAClass_bindsTheAnswer() {
    var answer =
        client
            .chat()
            .completions()
            .create(question().maxCompletionTokens(80).responseFormat(City.class).build());
    City city = answer.choices().get(0).message().content().orElseThrow();
    assertTrue(!city.name.isEmpty() && city.unit != null, city.name);
  }

  @Test
  void toolOfAClass_isCalledAndAnswered() {
    ChatCompletionCreateParams.Builder turns =
        question().maxCompletionTokens(80).addTool(City.class);
    ChatCompletion.Choice called =
        ask(turns.toolChoice(ChatCompletionToolChoiceOption.Auto.REQUIRED)).choices().get(0);
    assertEquals(ChatCompletion.Choice.FinishReason.TOOL_CALLS, called.finishReason());
    ChatCompletionMessageFunctionToolCall call =
        called.message().toolCalls().orElseThrow().get(0).asFunction();
    assertTrue(!call.function().arguments(City.class).name.isEmpty(), call::toString);
    ChatCompletionToolMessageParam found =
        ChatCompletionToolMessageParam.builder().toolCallId(call.id()).content("found").build();
    ChatCompletion after =
        ask(
            turns
                .addMessage(called.message())
                .addMessage(found)
                .toolChoice(ChatCompletionToolChoiceOption.Auto.NONE));
    assertTrue(after.choices().get(0).message().content().isPresent());
  }

  @Test
  void responses_sayTheSameWholeAndStreamed() {
    ResponseCreateParams request =
        ResponseCreateParams.builder()
            .model(RunningServer.MODEL)
            .input(QUESTION)
            .maxOutputTokens(TOKENS)
            .build();
    assertEquals(text, output(client.responses().create(request)));
    ResponseAccumulator whole = ResponseAccumulator.create();
    try (StreamResponse<ResponseStreamEvent> stream = client.responses().createStreaming(request)) {
      stream.stream().forEach(whole::accumulate);
    }
    assertEquals(text, output(whole.response()));
  }

  private static String output(Response response) {
    return response.output().get(0).asMessage().content().get(0).asOutputText().text();
  }

  @Test
  void echoAndEmbeddings_haveTheirNumbers() {
    Completion echo =
        client
            .completions()
            .create(
                CompletionCreateParams.builder()
                    .model(RunningServer.MODEL)
                    .prompt("The capital of France is")
                    .maxTokens(3)
                    .logprobs(2)
                    .echo(true)
                    .build());
    assertTrue(echo.choices().get(0).text().startsWith("The capital of France is Paris"));
    List<Double> numbers =
        echo.choices().get(0).logprobs().orElseThrow().tokenLogprobs().orElseThrow();
    assertEquals(8, numbers.size());
    CreateEmbeddingResponse vectors =
        client
            .embeddings()
            .create(
                EmbeddingCreateParams.builder()
                    .model(RunningServer.MODEL)
                    .inputOfArrayOfStrings(List.of("hello world", "bye"))
                    .build());
    assertEquals(2, vectors.data().size());
    assertEquals(576, vectors.data().get(1).embedding().size());
  }

  @Test
  void errors_areTheClientsOwnTypes() {
    NotFoundException unknown =
        assertThrows(NotFoundException.class, () -> ask(question().model("none")));
    assertTrue(unknown.getMessage().contains(RunningServer.MODEL), unknown.getMessage());
    BadRequestException negative =
        assertThrows(BadRequestException.class, () -> ask(question().temperature(-1)));
    assertEquals("temperature", negative.param().orElseThrow());
  }
}
