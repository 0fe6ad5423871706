package dev.hbar.langchain4j;

import dev.hbar.model.answer.AnswerPart;
import dev.hbar.monitor.generation.GenerationModel;
import dev.hbar.monitor.generation.GenerationSettings;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.util.Set;

/**
 * The same as {@link HbarChatModel} while it grows: every request on a virtual thread of its own,
 * which calls the handler.
 */
public final class HbarStreamingChatModel implements StreamingChatModel {
  private final Dialogue dialogue;

  /**
   * A chat model.
   *
   * @param settings of every answer, where a request does not say otherwise
   */
  public HbarStreamingChatModel(GenerationModel model, GenerationSettings settings) {
    this.dialogue = new Dialogue(model, settings);
  }

  @Override
  public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
    Thread.ofVirtual().name("hbar answer").start(() -> answer(request, handler));
  }

  private void answer(ChatRequest request, StreamingChatResponseHandler handler) {
    ChatResponse whole;
    try {
      whole = dialogue.answer(request, part -> tell(part, handler));
    } catch (RuntimeException | Error failure) {
      handler.onError(failure);
      return;
    }
    var calls = whole.aiMessage().toolExecutionRequests();
    for (int i = 0; i < calls.size(); i++) {
      handler.onCompleteToolCall(new CompleteToolCall(i, calls.get(i)));
    }
    handler.onCompleteResponse(whole);
  }

  private static void tell(AnswerPart part, StreamingChatResponseHandler handler) {
    switch (part) {
      case AnswerPart.Content(String text) -> handler.onPartialResponse(text);
      case AnswerPart.Reasoning(String text) ->
          handler.onPartialThinking(new PartialThinking(text));
      case AnswerPart.Call call -> {}
    }
  }

  @Override
  public Set<Capability> supportedCapabilities() {
    return Set.of(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
  }
}
