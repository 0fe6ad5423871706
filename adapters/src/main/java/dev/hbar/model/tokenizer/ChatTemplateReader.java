package dev.hbar.model.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hbar.model.checkpoint.CheckpointDirectory;
import dev.hbar.model.checkpoint.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the chat template of a checkpoint folder, and the special tokens that it names. */
final class ChatTemplateReader {

  private static final String CONFIG = "tokenizer_config.json";
  private static final String FIELD = "chat_template";
  private static final long MAX_BYTES = 64L << 20;
  private static final ObjectMapper JSON = new ObjectMapper();

  private ChatTemplateReader() {}

  static Optional<ChatTemplate> read(Path folder, Clock clock) {
    Map<String, String> tokens = new HashMap<>();
    json(folder.resolve("special_tokens_map.json"))
        .ifPresent(map -> tokens.putAll(specialTokens(map)));
    Optional<JsonNode> config = json(folder.resolve(CONFIG));
    config.ifPresent(fields -> tokens.putAll(specialTokens(fields)));
    Path own = folder.resolve("chat_template.jinja");
    Path legacy = folder.resolve("chat_template.json");
    if (Files.exists(own)) {
      return Optional.of(new ChatTemplate(text(own), tokens, own.toString(), clock));
    }
    return config
        .flatMap(fields -> source(folder.resolve(CONFIG), fields.path(FIELD)))
        .map(
            source ->
                new ChatTemplate(source, tokens, FIELD + " of " + folder.resolve(CONFIG), clock))
        .or(
            () ->
                json(legacy)
                    .flatMap(fields -> source(legacy, fields.path(FIELD)))
                    .map(source -> new ChatTemplate(source, tokens, legacy.toString(), clock)));
  }

  private static Optional<String> source(Path file, JsonNode field) {
    if (field.isMissingNode() || field.isNull()) {
      return Optional.empty();
    }
    if (field.isTextual()) {
      return Optional.of(field.asText());
    }
    List<String> names = new ArrayList<>();
    for (JsonNode named : field) {
      names.add(named.path("name").asText());
      if (named.path("name").asText().equals("default") && named.path("template").isTextual()) {
        return Optional.of(named.path("template").asText());
      }
    }
    throw new CheckpointException(
        "broken chat template: %s: %s is neither text nor a list with one named default (names: %s): correct the field"
            .formatted(file, FIELD, names));
  }

  private static Map<String, String> specialTokens(JsonNode fields) {
    Map<String, String> tokens = new HashMap<>();
    for (Map.Entry<String, JsonNode> field : fields.properties()) {
      JsonNode value = field.getValue();
      JsonNode content = value.isObject() ? value.path("content") : value;
      if (field.getKey().endsWith("_token") && content.isTextual()) {
        tokens.put(field.getKey(), content.asText());
      }
    }
    return tokens;
  }

  private static Optional<JsonNode> json(Path file) {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      JsonNode root = JSON.readTree(text(file));
      if (!root.isObject()) {
        throw broken(file, "not a JSON object");
      }
      return Optional.of(root);
    } catch (IOException e) {
      throw broken(file, "not valid JSON (%s)".formatted(OneLine.of(e)));
    }
  }

  private static String text(Path file) {
    // Also refuses a link that leads out of the checkpoint.
    CheckpointDirectory.of(file.toAbsolutePath().getParent()).find(file.getFileName().toString());
    try {
      if (!Files.isRegularFile(file) || Files.size(file) > MAX_BYTES) {
        throw broken(file, "not a file of at most %d MiB".formatted(MAX_BYTES >> 20));
      }
      return Files.readString(file);
    } catch (IOException e) {
      throw broken(file, "not readable as UTF-8 text (%s)".formatted(OneLine.of(e)));
    }
  }

  private static CheckpointException broken(Path file, String what) {
    return new CheckpointException(
        "broken chat template: %s: %s: fetch the file again".formatted(file, what));
  }
}
