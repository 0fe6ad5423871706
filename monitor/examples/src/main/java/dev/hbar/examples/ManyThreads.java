package dev.hbar.examples;

import dev.hbar.monitor.generation.GenerationModel;
import dev.hbar.monitor.generation.GenerationSettings;
import dev.hbar.monitor.generation.TokenListener;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** One model, many callers: their generations take turns step by step. */
public final class ManyThreads {
  private ManyThreads() {}

  /** Takes a checkpoint: a folder, or ORG/NAME in the Hugging Face cache. */
  public static void main(String[] args) {
    GenerationSettings settings = GenerationSettings.builder().maxTokens(8).build();
    try (GenerationModel model = GenerationModel.open(args[0]);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (String prompt : List.of("Red is", "Green is", "Blue is", "Black is")) {
        threads.submit(
            () ->
                System.out.println(
                    prompt + model.generate(prompt, settings, TokenListener.NONE).text()));
      }
      // Closing the executor waits for its tasks; the model closes after it.
    }
  }
}
