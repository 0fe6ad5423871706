package dev.hbar.langchain4j;

import dev.hbar.monitor.generation.GenerationModel;
import dev.hbar.monitor.generation.GenerationSettings;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.util.Set;

/**
 * A checkpoint as a chat model. The metadata of its responses are {@link UncertaintyMetadata}. Any
 * thread; the model stays the caller's, who closes it.
 */
public final class HbarChatModel implements ChatModel {
  private final Dialogue dialogue;

  /**
   * A chat model.
   *
   * @param settings of every answer, where a request does not say otherwise
   */
  public HbarChatModel(GenerationModel model, GenerationSettings settings) {
    this.dialogue = new Dialogue(model, settings);
  }

  @Override
  public ChatResponse doChat(ChatRequest request) {
    return dialogue.answer(request, part -> {});
  }

  @Override
  public Set<Capability> supportedCapabilities() {
    return Set.of(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
  }
}
