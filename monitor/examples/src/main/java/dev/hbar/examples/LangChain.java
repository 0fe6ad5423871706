package dev.hbar.examples;

import dev.hbar.langchain4j.HbarChatModel;
import dev.hbar.langchain4j.UncertaintyMetadata;
import dev.hbar.monitor.generation.GenerationModel;
import dev.hbar.monitor.generation.GenerationSettings;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.response.ChatResponse;

/** A question by LangChain4j, and the token that the model was least sure of. */
public final class LangChain {
  private LangChain() {}

  /** Takes a checkpoint: a folder, or ORG/NAME in the Hugging Face cache. */
  public static void main(String[] args) {
    GenerationSettings settings = GenerationSettings.builder().maxTokens(40).build();
    try (GenerationModel model = GenerationModel.open(args[0])) {
      HbarChatModel chat = new HbarChatModel(model, settings);
      ChatResponse answer = chat.chat(UserMessage.from("What is the capital of France?"));
      System.out.println(answer.aiMessage().text());
      if (answer.metadata() instanceof UncertaintyMetadata known) {
        System.out.println("least sure of a token: " + known.maxSurprise() + " nats");
      }
    }
  }
}
