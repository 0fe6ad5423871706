package dev.hbar.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hbar.mlx.ErrorText;
import dev.hbar.model.checkpoint.RegularFile;
import dev.hbar.model.io.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A conversation in a file: a JSON object with {@code model} and {@code messages}, as {@code hbar
 * render} reads them too.
 *
 * @param messages oldest first, each a role and its content
 */
record Transcript(String model, List<Map<String, ?>> messages) {
  private static final int MOST_BYTES = 1 << 26;

  /**
   * Writes the whole file or nothing; only its owner can read it.
   *
   * @throws CommandException if that fails
   */
  void write(Path file) {
    ObjectNode root = Json.MAPPER.createObjectNode().put("model", model);
    ArrayNode all = root.putArray("messages");
    messages.forEach(message -> all.add(Json.MAPPER.valueToTree(message)));
    try {
      Path folder = file.toAbsolutePath().getParent();
      Path whole = Files.createTempFile(folder, ".hbar-chat", ".json");
      try {
        Files.writeString(whole, root + "\n", StandardCharsets.UTF_8);
        Files.move(whole, file, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(whole);
      }
    } catch (IOException e) {
      throw new CommandException(
          "cannot write the conversation to %s (%s): choose another file"
              .formatted(file, ErrorText.reason(e)),
          e);
    }
  }

  /**
   * Reads a conversation.
   *
   * @throws CommandException if the file is missing or holds none
   */
  static Transcript read(Path file) {
    try {
      JsonNode root = Json.MAPPER.readTree(RegularFile.text(file, MOST_BYTES));
      JsonNode all = root.path("messages");
      if (!all.isArray()) {
        throw new CommandException(file + " holds no conversation: it has no list messages");
      }
      List<Map<String, ?>> messages = new ArrayList<>();
      for (JsonNode message : all) {
        messages.add(message(file, messages.size(), message));
      }
      return new Transcript(root.path("model").asText(), messages);
    } catch (NoSuchFileException e) {
      throw new CommandException("there is no file " + file, e);
    } catch (JsonProcessingException e) {
      throw new CommandException(
          "%s is not JSON (%s): give a file of /save"
              .formatted(
                  file, ErrorText.oneLine(e.getOriginalMessage().lines().findFirst().orElse(""))),
          e);
    } catch (IOException e) {
      throw new CommandException(
          "cannot read %s (%s): name another file".formatted(file, ErrorText.reason(e)), e);
    }
  }

  private static Map<String, ?> message(Path file, int index, JsonNode message) {
    JsonNode role = message.path("role");
    JsonNode content = message.path("content");
    if (!role.isTextual() || !content.isTextual()) {
      throw new CommandException(
          "%s, messages[%s]: role and content must be texts".formatted(file, index));
    }
    Map<String, Object> turn = new LinkedHashMap<>();
    turn.put("role", role.textValue());
    turn.put("content", content.textValue());
    return turn;
  }
}
