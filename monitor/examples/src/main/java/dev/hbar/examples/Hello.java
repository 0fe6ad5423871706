package dev.hbar.examples;

import dev.hbar.monitor.generation.GenerationModel;

/** A text in five lines. */
public final class Hello {
  private Hello() {}

  /** Takes a checkpoint: a folder, or ORG/NAME in the Hugging Face cache. */
  public static void main(String[] args) {
    try (GenerationModel model = GenerationModel.open(args[0])) {
      System.out.println(model.generate("The capital of France is").text());
    }
  }
}
