package dev.hbar.examples;

import dev.hbar.monitor.generation.ChatSession;
import dev.hbar.monitor.generation.GenerationModel;
import dev.hbar.monitor.generation.GenerationSettings;
import java.util.List;

/** A conversation of three turns; each goes on from the keys and values of those before. */
public final class Chat {
  private Chat() {}

  /** Takes a checkpoint: a folder, or ORG/NAME in the Hugging Face cache. */
  public static void main(String[] args) {
    GenerationSettings settings = GenerationSettings.builder().maxTokens(40).build();
    try (GenerationModel model = GenerationModel.open(args[0]);
        ChatSession chat = model.chat(settings).system("Answer in one short sentence.")) {
      for (String question : List.of("What is tea?", "And coffee?", "Which has more caffeine?")) {
        System.out.println("> " + question);
        System.out.println(chat.send(question).text());
        System.out.println("  (" + chat.reusedTokens() + " prompt tokens reused)");
      }
    }
  }
}
