package dev.hbar.examples;

import dev.hbar.monitor.generation.GeneratedToken;
import dev.hbar.monitor.generation.GeneratedToken.Alternative;
import dev.hbar.monitor.generation.GenerationModel;
import dev.hbar.monitor.generation.GenerationSettings;
import dev.hbar.monitor.generation.TokenListener;
import java.util.Locale;

/** What the model could have said instead, token by token. */
public final class Alternatives {
  private Alternatives() {}

  /** Takes a checkpoint: a folder, or ORG/NAME in the Hugging Face cache. */
  public static void main(String[] args) {
    GenerationSettings settings =
        GenerationSettings.builder().maxTokens(10).alternatives(3).build();
    try (GenerationModel model = GenerationModel.open(args[0])) {
      for (GeneratedToken token :
          model.generate("My favourite colour is", settings, TokenListener.NONE).tokens()) {
        for (Alternative other : token.alternatives()) {
          System.out.printf(
              Locale.ROOT,
              "%5.1f %% %-14s",
              100 * Math.exp(other.logProbability()),
              other.text().replace("\n", "\\n"));
        }
        System.out.println();
      }
    }
  }
}
