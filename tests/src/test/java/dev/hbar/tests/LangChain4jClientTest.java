package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiEmbeddingModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.model.output.FinishReason;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** LangChain4j's OpenAI module, pointed at the server by its base URL and nothing else. */
class LangChain4jClientTest {
  private static final UserMessage QUESTION = UserMessage.from("What is the capital of France?");
  private static final JsonObjectSchema CITY =
      JsonObjectSchema.builder()
          .addStringProperty("city")
          .addEnumProperty("unit", List.of("C", "F"))
          .required("city", "unit")
          .additionalProperties(false)
          .build();

  private static RunningServer server;

  @BeforeAll
  static void open() {
    server = RunningServer.watched();
  }

  @AfterAll
  static void close() {
    if (server != null) {
      server.close();
    }
  }

  private static OpenAiChatModel.OpenAiChatModelBuilder model() {
    return OpenAiChatModel.builder()
        .baseUrl(server.url() + "/v1")
        .apiKey("none")
        .maxRetries(0)
        .strictJsonSchema(true)
        .modelName(RunningServer.MODEL);
  }

  private static ChatRequest.Builder asking(ChatMessage... messages) {
    return ChatRequest.builder().messages(messages).maxOutputTokens(12);
  }

  @Test
  void answer_isTheSameWholeAndStreamed() throws Exception {
    ChatResponse whole = model().build().chat(asking(QUESTION).build());
    assertTrue(whole.aiMessage().text().contains("Paris"), whole.aiMessage().text());
    OpenAiStreamingChatModel streaming =
        OpenAiStreamingChatModel.builder()
            .baseUrl(server.url() + "/v1")
            .apiKey("none")
            .modelName(RunningServer.MODEL)
            .build();
    CollectedStream collected = new CollectedStream();
    streaming.chat(asking(QUESTION).build(), collected);
    ChatResponse end = collected.end();
    assertEquals(whole.aiMessage().text(), collected.text());
    assertEquals(whole.aiMessage().text(), end.aiMessage().text());
    assertEquals(whole.tokenUsage().outputTokenCount(), end.tokenUsage().outputTokenCount());
  }

  @Test
  void tool_isCalledAndItsResultAnswered() throws Exception {
    ToolSpecification tool = ToolSpecification.builder().name("weather").parameters(CITY).build();
    ChatResponse called =
        model()
            .build()
            .chat(
                asking(QUESTION)
                    .toolSpecifications(tool)
                    .toolChoice(ToolChoice.REQUIRED)
                    .maxOutputTokens(80)
                    .build());
    assertEquals(FinishReason.TOOL_EXECUTION, called.finishReason());
    ToolExecutionRequest call = called.aiMessage().toolExecutionRequests().getFirst();
    assertEquals("weather", call.name());
    JsonNode arguments = RunningServer.JSON.readTree(call.arguments());
    assertEquals(2, arguments.size());
    assertTrue(List.of("C", "F").contains(arguments.get("unit").textValue()), call.arguments());
    ToolExecutionResultMessage result = ToolExecutionResultMessage.from(call, "Sunny, 25 C");
    ChatRequest next =
        asking(QUESTION, called.aiMessage(), result).toolSpecifications(tool).build();
    assertTrue(model().build().chat(next).tokenUsage().outputTokenCount() > 0);
  }

  @Test
  void jsonSchema_bindsTheText() throws Exception {
    JsonSchema schema = JsonSchema.builder().name("city").rootElement(CITY).build();
    ResponseFormat format =
        ResponseFormat.builder().type(ResponseFormatType.JSON).jsonSchema(schema).build();
    ChatResponse bound =
        model().build().chat(asking(QUESTION).responseFormat(format).maxOutputTokens(80).build());
    JsonNode city = RunningServer.JSON.readTree(bound.aiMessage().text());
    assertTrue(city.get("city").isTextual(), bound.aiMessage().text());
    assertTrue(List.of("C", "F").contains(city.get("unit").textValue()));
  }

  @Test
  void embeddings_areThoseOfThePlainProtocol() throws Exception {
    List<Embedding> vectors =
        OpenAiEmbeddingModel.builder()
            .baseUrl(server.url() + "/v1")
            .apiKey("none")
            .modelName(RunningServer.MODEL)
            .build()
            .embedAll(List.of(TextSegment.from("hello world"), TextSegment.from("bye")))
            .content();
    JsonNode plain = server.ask("/v1/embeddings", "{'input': ['hello world', 'bye']}");
    assertEquals(2, vectors.size());
    for (int i = 0; i < 576; i++) {
      double expected = plain.at("/data/1/embedding").get(i).doubleValue();
      assertEquals(expected, vectors.get(1).vector()[i], 2e-3);
    }
  }

  @Test
  void errors_areTheFrameworksOwnTypes() {
    assertThrows(
        ModelNotFoundException.class,
        () -> model().modelName("none").build().chat(asking(QUESTION).build()));
    assertThrows(
        InvalidRequestException.class,
        () -> model().build().chat(asking(QUESTION).temperature(-1.0).build()));
  }
}
