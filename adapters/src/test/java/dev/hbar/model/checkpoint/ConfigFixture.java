package dev.hbar.model.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Configs of tiny checkpoints of each family, and folders that hold nothing else. */
final class ConfigFixture {
  private static final JsonFields NONE = JsonFields.empty(Path.of("defaults"));

  static final Map<String, JsonFields> FAMILIES =
      Map.of(
          "llama", NONE,
          "mistral", NONE,
          "phi3", NONE,
          "qwen2", NONE,
          "qwen3", JsonFields.ofText(Path.of("defaults"), "{\"head_dim\":128}"));

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private ConfigFixture() {}

  static String text(String name) {
    try (InputStream in = ConfigFixture.class.getResourceAsStream("configs/" + name + ".json")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The config of that name with the fields of {@code changes} put over its own. */
  static String changed(String name, String changes) {
    try {
      ObjectNode config = (ObjectNode) MAPPER.readTree(text(name));
      return config.setAll((ObjectNode) MAPPER.readTree(changes)).toString();
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(changes, e);
    }
  }

  static ModelConfig read(Path folder, String json) throws IOException {
    Files.writeString(folder.resolve("config.json"), json);
    return ConfigReader.read(CheckpointDirectory.of(folder), FAMILIES);
  }
}
