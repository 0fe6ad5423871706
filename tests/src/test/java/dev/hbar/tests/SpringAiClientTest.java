package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.SystemMessage;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.ai.openai.OpenAiChatOptions;
import org.springframework.ai.openai.api.OpenAiApi;
import org.springframework.ai.retry.NonTransientAiException;
import org.springframework.ai.retry.RetryUtils;

/** Spring AI's OpenAI module, pointed at the server by its base URL and nothing else. */
class SpringAiClientTest {
  private static final Prompt QUESTION =
      new Prompt(
          List.of(
              new SystemMessage("Answer in one sentence."),
              new UserMessage("What is the capital of France?")));

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

  private static OpenAiChatModel model(OpenAiChatOptions.Builder options) {
    return OpenAiChatModel.builder()
        .openAiApi(OpenAiApi.builder().baseUrl(server.url()).apiKey("none").build())
        .retryTemplate(RetryUtils.SHORT_RETRY_TEMPLATE)
        .defaultOptions(options.maxTokens(12).temperature(0.0).build())
        .build();
  }

  private static OpenAiChatOptions.Builder options() {
    return OpenAiChatOptions.builder().model(RunningServer.MODEL);
  }

  @Test
  void answer_isTheSameWholeAndStreamed() {
    OpenAiChatModel model = model(options());
    ChatResponse whole = model.call(QUESTION);
    String text = whole.getResult().getOutput().getText();
    assertTrue(text.contains("Paris"), text);
    List<ChatResponse> parts = model.stream(QUESTION).collectList().block();
    assertTrue(parts.size() > 2, "parts: " + parts.size());
    assertEquals(text, parts.stream().map(SpringAiClientTest::text).collect(Collectors.joining()));
    int answered = whole.getMetadata().getUsage().getCompletionTokens();
    assertTrue(answered > 0 && answered <= 12, "tokens: " + answered);
  }

  private static String text(ChatResponse part) {
    if (part.getResult() == null) {
      return "";
    }
    AssistantMessage output = part.getResult().getOutput();
    return output.getText() == null ? "" : output.getText();
  }

  @Test
  void logProbabilities_arriveInTheMetadata() {
    ChatResponse whole = model(options().logprobs(true).topLogprobs(2)).call(QUESTION);
    Object logprobs = whole.getResult().getMetadata().get("logprobs");
    OpenAiApi.LogProbs read = (OpenAiApi.LogProbs) logprobs;
    assertEquals(
        text(whole),
        read.content().stream()
            .map(OpenAiApi.LogProbs.Content::token)
            .collect(Collectors.joining()));
    for (OpenAiApi.LogProbs.Content token : read.content()) {
      assertTrue(token.logprob() <= 0, "log-probability " + token.logprob());
      assertEquals(2, token.topLogprobs().size());
    }
  }

  @Test
  void unknownModel_isTheFrameworksOwnError() {
    OpenAiChatModel model = model(OpenAiChatOptions.builder().model("none"));
    NonTransientAiException refused =
        assertThrows(NonTransientAiException.class, () -> model.call(QUESTION));
    assertTrue(refused.getMessage().contains("404"), refused.getMessage());
  }
}
