package dev.hbar.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hbar.model.tokenizer.Conversation;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads conversations, one JSON object a line. */
final class ConversationLines {
  private static final int LONGEST_LINE = 64 << 20;
  private static final long LONGEST_TEMPLATE = 8 << 20;

  private ConversationLines() {}

  static BufferedReader open(String file, InputStream in) throws IOException {
    InputStream bytes = file.equals("-") ? in : Files.newInputStream(Path.of(file));
    return new BufferedReader(new InputStreamReader(bytes, StandardCharsets.UTF_8.newDecoder()));
  }

  /**
   * The next line without its end, or null after the last.
   *
   * @throws CommandException if it has no end in sight
   */
  static String next(BufferedReader lines) throws IOException {
    StringBuilder line = new StringBuilder();
    int c = lines.read();
    if (c < 0) {
      return null;
    }
    while (c >= 0 && c != '\n') {
      if (line.length() == LONGEST_LINE) {
        throw new CommandException(
            "a line of the conversations has more than " + LONGEST_LINE + " characters: split it");
      }
      line.append((char) c);
      c = lines.read();
    }
    return line.isEmpty() || line.charAt(0) != '\ufeff' ? line.toString() : line.substring(1);
  }

  static String text(Path file) {
    try (InputStream bytes = Files.newInputStream(file)) {
      byte[] content = bytes.readNBytes((int) LONGEST_TEMPLATE + 1);
      if (content.length > LONGEST_TEMPLATE) {
        throw new CommandException(
            file + " is larger than " + LONGEST_TEMPLATE + " bytes: name a chat template");
      }
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(java.nio.ByteBuffer.wrap(content))
          .toString();
    } catch (CharacterCodingException e) {
      throw new CommandException(file + " is not UTF-8 text: convert it first", e);
    } catch (IOException e) {
      throw new CommandException("cannot read the template " + file + ": name a readable file", e);
    }
  }

  /**
   * The conversation of a line.
   *
   * @throws CommandException if a field is missing or of another type
   */
  static Conversation conversation(JsonNode line) {
    return new Conversation(
        list(line, "messages")
            .orElseThrow(() -> new CommandException("messages is missing: add the field")),
        list(line, "tools"),
        list(line, "documents"),
        flag(line, "add_generation_prompt"),
        variables(line));
  }

  private static Optional<List<?>> list(JsonNode line, String field) {
    JsonNode value = line.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return Optional.empty();
    }
    if (!value.isArray()) {
      throw new CommandException(field + " is no list: write it as one");
    }
    List<JsonNode> items = new ArrayList<>();
    value.forEach(items::add);
    return Optional.of(items);
  }

  private static boolean flag(JsonNode line, String field) {
    JsonNode value = line.path(field);
    if (!value.isMissingNode() && !value.isNull() && !value.isBoolean()) {
      throw new CommandException(field + " is neither true nor false: correct it");
    }
    return value.asBoolean();
  }

  private static Map<String, JsonNode> variables(JsonNode line) {
    JsonNode value = line.path("variables");
    if (!value.isMissingNode() && !value.isNull() && !value.isObject()) {
      throw new CommandException("variables is no object: write it as one");
    }
    Map<String, JsonNode> variables = new LinkedHashMap<>();
    value.properties().forEach(field -> variables.put(field.getKey(), field.getValue()));
    return variables;
  }
}
