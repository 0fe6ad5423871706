package dev.hbar.examples;

import dev.hbar.monitor.generation.GeneratedToken;
import dev.hbar.monitor.generation.GenerationModel;
import dev.hbar.monitor.generation.GenerationSettings;
import dev.hbar.monitor.signal.DistributionSignals;
import java.util.Locale;
import java.util.stream.Stream;

/** Tokens as they come, each with what the model thought of it. */
public final class Streaming {
  private Streaming() {}

  /** Takes a checkpoint: a folder, or ORG/NAME in the Hugging Face cache. */
  public static void main(String[] args) {
    GenerationSettings settings = GenerationSettings.builder().maxTokens(20).allSignals().build();
    try (GenerationModel model = GenerationModel.open(args[0]);
        Stream<GeneratedToken> tokens = model.stream("The sky is", settings)) {
      tokens.forEach(
          token ->
              System.out.printf(
                  Locale.ROOT,
                  "%-12s ln p %6.2f  entropy %5.2f  hbar %5.2f  PRI %5.2f%n",
                  token.text().strip(),
                  token.logProbability(),
                  token.signals().get(DistributionSignals.ENTROPY),
                  token.signals().hbar(),
                  token.signals().pri()));
    }
  }
}
