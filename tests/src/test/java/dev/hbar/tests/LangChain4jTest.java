package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hbar.langchain4j.HbarChatModel;
import dev.hbar.langchain4j.HbarStreamingChatModel;
import dev.hbar.langchain4j.UncertaintyMetadata;
import dev.hbar.model.tokenizer.Conversation;
import dev.hbar.model.tokenizer.Message;
import dev.hbar.monitor.generation.GenerationModel;
import dev.hbar.monitor.generation.GenerationResult;
import dev.hbar.monitor.generation.GenerationSettings;
import dev.hbar.monitor.generation.TokenListener;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.image.Image;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** LangChain4j gets the library's own answers and numbers. */
class LangChain4jTest {
  private static final GenerationSettings SHORT =
      GenerationSettings.builder().maxTokens(12).build();
  private static final JsonObjectSchema CITY =
      JsonObjectSchema.builder()
          .addStringProperty("city")
          .addEnumProperty("unit", List.of("C", "F"))
          .required("city", "unit")
          .additionalProperties(false)
          .build();

  private static GenerationModel model;

  @BeforeAll
  static void open() {
    model = GenerationModel.open(RealCheckpoint.folder().toString());
  }

  @AfterAll
  static void close() {
    if (model != null) {
      model.close();
    }
  }

  private static ChatRequest.Builder question() {
    return ChatRequest.builder()
        .messages(SystemMessage.from("Be brief."), UserMessage.from("The capital of France?"));
  }

  private static GenerationResult alone() {
    List<Message> turns =
        List.of(new Message("system", "Be brief."), new Message("user", "The capital of France?"));
    return model.generate(model.tokenize(Conversation.of(turns, true)), SHORT, TokenListener.NONE);
  }

  @Test
  void answer_isTheLibrarysWithItsSignals() {
    GenerationResult expected = alone();
    ChatResponse response = new HbarChatModel(model, SHORT).chat(question().build());
    assertEquals(expected.text(), response.aiMessage().text());
    UncertaintyMetadata metadata = assertInstanceOf(UncertaintyMetadata.class, response.metadata());
    assertEquals(expected.tokens(), metadata.tokens());
    double mean =
        expected.tokens().stream()
            .mapToDouble(token -> token.signals().surprise())
            .average()
            .orElseThrow();
    assertEquals(mean, metadata.meanSurprise(), 1e-12);
    assertEquals(expected.tokens().size(), metadata.tokenUsage().outputTokenCount());
  }

  @Test
  void requestsParameters_overrideTheModels() {
    HbarChatModel chat = new HbarChatModel(model, SHORT);
    ChatResponse two = chat.chat(question().maxOutputTokens(2).build());
    assertEquals(2, two.metadata().tokenUsage().outputTokenCount());
    assertEquals(FinishReason.LENGTH, two.metadata().finishReason());
    ChatResponse cut = chat.chat(question().stopSequences(List.of("Paris")).build());
    assertEquals(FinishReason.STOP, cut.metadata().finishReason());
    assertTrue(!cut.aiMessage().text().contains("Paris"));
  }

  @Test
  void streamedAnswer_isTheWholeOne() throws Exception {
    StringBuilder text = new StringBuilder();
    ChatResponse whole = streamed(question().build(), text);
    assertEquals(alone().text(), whole.aiMessage().text());
    assertEquals(whole.aiMessage().text(), text.toString());
  }

  private static ChatResponse streamed(ChatRequest request, StringBuilder text) throws Exception {
    CollectedStream collected = new CollectedStream();
    new HbarStreamingChatModel(model, SHORT).chat(request, collected);
    ChatResponse end = collected.end();
    text.append(collected.text());
    return end;
  }

  @Test
  void requiredTool_isCalledByItsSchema() throws Exception {
    ToolSpecification tool = ToolSpecification.builder().name("weather").parameters(CITY).build();
    ChatResponse response =
        new HbarChatModel(model, SHORT)
            .chat(
                question()
                    .toolSpecifications(tool)
                    .toolChoice(ToolChoice.REQUIRED)
                    .maxOutputTokens(80)
                    .build());
    assertEquals(FinishReason.TOOL_EXECUTION, response.metadata().finishReason());
    assertNull(response.aiMessage().text());
    var call = response.aiMessage().toolExecutionRequests().getFirst();
    assertEquals("weather", call.name());
    JsonNode arguments = RunningServer.JSON.readTree(call.arguments());
    assertEquals(2, arguments.size());
    assertTrue(List.of("C", "F").contains(arguments.get("unit").textValue()));
  }

  @Test
  void jsonSchema_bindsTheText() throws Exception {
    ResponseFormat format =
        ResponseFormat.builder()
            .type(ResponseFormatType.JSON)
            .jsonSchema(JsonSchema.builder().name("city").rootElement(CITY).build())
            .build();
    StringBuilder text = new StringBuilder();
    ChatResponse response =
        streamed(question().responseFormat(format).maxOutputTokens(80).build(), text);
    assertEquals(text.toString(), response.aiMessage().text());
    assertEquals(2, RunningServer.JSON.readTree(text.toString()).size());
  }

  @Test
  void picture_isRefused() {
    UserMessage picture =
        UserMessage.from(ImageContent.from(Image.builder().url("file:none.png").build()));
    HbarChatModel chat = new HbarChatModel(model, SHORT);
    assertThrows(
        IllegalArgumentException.class,
        () -> chat.chat(ChatRequest.builder().messages(picture).build()));
  }
}
