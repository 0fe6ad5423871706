package dev.hbar.model.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hbar.mlx.ErrorText;
import dev.hbar.model.checkpoint.CheckpointDirectory;
import dev.hbar.model.checkpoint.CheckpointException;
import dev.hbar.model.io.Json;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Finds the chat templates of a checkpoint folder, and the special tokens that it names. */
final class ChatTemplateReader {

  private static final String CONFIG = "tokenizer_config.json";
  private static final String FIELD = "chat_template";
  private static final String JINJA = ".jinja";
  private static final long MAX_BYTES = 64L << 20;

  private ChatTemplateReader() {}

  static Optional<ChatTemplate> read(Path folder, Clock clock) {
    Optional<JsonNode> config = json(folder.resolve(CONFIG));
    Map<String, TemplateSource> templates = files(folder);
    if (templates.isEmpty()) {
      templates = config.map(fields -> named(folder.resolve(CONFIG), fields)).orElse(Map.of());
    }
    if (templates.isEmpty()) {
      Path legacy = folder.resolve("chat_template.json");
      templates = json(legacy).map(fields -> named(legacy, fields)).orElse(Map.of());
    }
    return templates.isEmpty()
        ? Optional.empty()
        : Optional.of(new ChatTemplate(templates, specialTokens(folder, config), clock));
  }

  /** The templates that are files of their own. */
  private static Map<String, TemplateSource> files(Path folder) {
    Map<String, TemplateSource> templates = new LinkedHashMap<>();
    Path own = folder.resolve("chat_template.jinja");
    if (Files.exists(own)) {
      templates.put(ChatTemplate.DEFAULT, TemplateSource.of(own.toString(), text(folder, own)));
    }
    Path additional = folder.resolve("additional_chat_templates");
    if (Files.isDirectory(additional)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(additional, "*" + JINJA)) {
        for (Path file : files) {
          String name = file.getFileName().toString();
          templates.put(
              name.substring(0, name.length() - JINJA.length()),
              TemplateSource.of(file.toString(), text(folder, file)));
        }
      } catch (IOException e) {
        throw broken(additional, "not readable (%s)".formatted(ErrorText.reason(e)));
      }
    }
    return templates;
  }

  /** The field chat_template: text, a list of names and templates, or an object of them. */
  private static Map<String, TemplateSource> named(Path file, JsonNode fields) {
    JsonNode field = fields.path(FIELD);
    String origin = FIELD + " of " + file;
    Map<String, TemplateSource> templates = new LinkedHashMap<>();
    if (field.isTextual()) {
      templates.put(ChatTemplate.DEFAULT, TemplateSource.of(origin, field.asText()));
    }
    if (field.isObject()) {
      for (Map.Entry<String, JsonNode> entry : field.properties()) {
        templates.put(entry.getKey(), source(origin, file, entry.getValue()));
      }
    }
    if (field.isArray()) {
      for (JsonNode entry : field) {
        templates.put(entry.path("name").asText(), source(origin, file, entry.path("template")));
      }
    }
    if (templates.isEmpty() && !field.isMissingNode() && !field.isNull()) {
      throw broken(file, FIELD + " is neither text nor named templates");
    }
    return templates;
  }

  private static TemplateSource source(String origin, Path file, JsonNode text) {
    if (!text.isTextual()) {
      throw broken(file, FIELD + " has an entry without a template");
    }
    return TemplateSource.of(origin, text.asText());
  }

  /** As in transformers, special_tokens_map.json counts only where the configuration is old. */
  private static Map<String, String> specialTokens(Path folder, Optional<JsonNode> config) {
    Map<String, String> tokens = new HashMap<>();
    config.ifPresent(fields -> addTokens(tokens, fields));
    if (config.isEmpty() || !config.get().has("added_tokens_decoder")) {
      json(folder.resolve("special_tokens_map.json"))
          .ifPresent(fields -> addTokens(tokens, fields));
    }
    return tokens;
  }

  private static void addTokens(Map<String, String> tokens, JsonNode fields) {
    for (Map.Entry<String, JsonNode> field : fields.properties()) {
      if (field.getKey().endsWith("_token")) {
        addToken(tokens, field);
      }
    }
    JsonNode extra = fields.path("extra_special_tokens");
    extra.properties().forEach(field -> addToken(tokens, field));
  }

  private static void addToken(Map<String, String> tokens, Map.Entry<String, JsonNode> field) {
    JsonNode value = field.getValue();
    JsonNode content = value.isObject() ? value.path("content") : value;
    if (content.isTextual()) {
      tokens.put(field.getKey(), content.asText());
    }
  }

  static Optional<JsonNode> json(Path file) {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      String text = text(file.getParent(), file);
      JsonNode root = Json.MAPPER.readTree(text.startsWith("\uFEFF") ? text.substring(1) : text);
      if (!root.isObject()) {
        throw broken(file, "not a JSON object");
      }
      return Optional.of(root);
    } catch (IOException e) {
      throw broken(file, "not valid JSON (%s)".formatted(ErrorText.reason(e)));
    }
  }

  private static String text(Path folder, Path file) {
    // Also refuses a link that leads out of the checkpoint.
    CheckpointDirectory.of(folder.toAbsolutePath()).find(folder.relativize(file).toString());
    try {
      if (!Files.isRegularFile(file) || Files.size(file) > MAX_BYTES) {
        throw broken(file, "not a file of at most %s MiB".formatted(MAX_BYTES >> 20));
      }
      return Files.readString(file);
    } catch (IOException e) {
      throw broken(file, "not readable as UTF-8 text (%s)".formatted(ErrorText.reason(e)));
    }
  }

  private static CheckpointException broken(Path file, String what) {
    return new CheckpointException(
        "broken chat template: %s: %s: fetch the file again".formatted(file, what));
  }
}
