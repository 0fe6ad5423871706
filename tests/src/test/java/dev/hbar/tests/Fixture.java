package dev.hbar.tests;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxScope;
import dev.hbar.mlx.safetensors.SafetensorsHeaderReader;
import dev.hbar.mlx.safetensors.SafetensorsLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A tiny checkpoint and what transformers computes with it; made by scripts/fixtures/make.py. */
record Fixture(String name, Path folder) {
  /** As published: Python writes Infinity. */
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  /** All fixtures, by name. */
  static List<Fixture> all() throws IOException {
    Path root = Path.of(System.getProperty("hbar.root"), "tests/src/test/resources/fixtures");
    try (Stream<Path> folders = Files.list(root)) {
      return folders
          .filter(Files::isDirectory)
          .map(folder -> new Fixture(folder.getFileName().toString(), folder))
          .sorted((a, b) -> a.name.compareTo(b.name))
          .toList();
    }
  }

  /** Those of one model_type. */
  static List<Fixture> ofFamily(String modelType) throws IOException {
    List<Fixture> family = new ArrayList<>();
    for (Fixture fixture : all()) {
      JsonNode config = JSON.readTree(fixture.folder.resolve("config.json").toFile());
      if (config.get("model_type").asText().equals(modelType)) {
        family.add(fixture);
      }
    }
    return family;
  }

  static Fixture named(String name) throws IOException {
    return all().stream().filter(f -> f.name.equals(name)).findFirst().orElseThrow();
  }

  int[] prompt() throws IOException {
    return JSON.convertValue(expectedJson().get("prompt"), int[].class);
  }

  /**
   * One row of block 1 is multiplied by 4000: activations past 255, whose squares overflow float16.
   */
  boolean massive() {
    return name.contains("massive");
  }

  /** token, hbar, ..., gap of every step. */
  JsonNode steps() throws IOException {
    return expectedJson().get("steps");
  }

  private JsonNode expectedJson() throws IOException {
    return JSON.readTree(folder.resolve("expected.json").toFile());
  }

  /** logits, blocks or final_norm of all steps, row by row. Owner thread. */
  float[] expected(String tensor) {
    try (MlxScope scope = MlxScope.open("expected")) {
      Map<String, MlxArray> all =
          SafetensorsLoader.load(
              scope, SafetensorsHeaderReader.read(folder.resolve("expected.safetensors")));
      return all.get(tensor).toFloats();
    }
  }

  /** Copies the checkpoint and a byte-level tokenizer whose pieces cover its ids. */
  Path withTokenizer(Path target) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        String fileName = file.getFileName().toString();
        if (!fileName.startsWith("expected")) {
          Files.copy(file, target.resolve(fileName));
        }
      }
    }
    Path tokenizers =
        Path.of(System.getProperty("hbar.root"), "adapters/src/test/resources/tokenizer");
    Files.copy(tokenizers.resolve("byte_level/tokenizer.json"), target.resolve("tokenizer.json"));
    return target;
  }

  @Override
  public String toString() {
    return name;
  }
}
