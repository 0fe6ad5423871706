package dev.hbar.examples;

import dev.hbar.monitor.generation.GenerationModel;
import dev.hbar.monitor.generation.GenerationResult;
import dev.hbar.monitor.generation.GenerationSettings;

/** Stops when the model becomes unsure: the listener decides. */
public final class StopEarly {
  private StopEarly() {}

  /** Takes a checkpoint: a folder, or ORG/NAME in the Hugging Face cache. */
  public static void main(String[] args) {
    double mostSurprise = 2; // nats
    try (GenerationModel model = GenerationModel.open(args[0])) {
      GenerationResult result =
          model.generate(
              "The mayor of Little Snoring in 1952 was",
              GenerationSettings.builder().maxTokens(40).build(),
              token -> token.signals().surprise() < mostSurprise);
      System.out.println(result.stop() + " after " + result.tokens().size() + ": " + result.text());
    }
  }
}
