package dev.hbar.model.checkpoint;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import dev.hbar.mlx.ErrorText;
import dev.hbar.model.io.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The ids that end a text: those of generation_config.json, those of config.json, and the
 * tokenizer's own end token. A file that is damaged is named by whoever needs it whole.
 */
final class EndTokens {

  private EndTokens() {}

  /** All of them, in that order. */
  static List<Integer> of(
      CheckpointDirectory directory,
      Optional<JsonFields> generation,
      JsonFields config,
      int vocabulary) {
    Set<Integer> ids = new LinkedHashSet<>();
    generation.ifPresent(fields -> ids.addAll(known(fields, vocabulary)));
    ids.addAll(known(config, vocabulary));
    ofTokenizer(directory).stream().filter(id -> id < vocabulary).forEach(ids::add);
    return List.copyOf(ids);
  }

  private static List<Integer> known(JsonFields fields, int vocabulary) {
    List<Integer> ids = fields.tokenIds("eos_token_id");
    for (int id : ids) {
      if (id >= vocabulary) {
        throw fields.fault(
            "eos_token_id", "must be below vocab_size " + vocabulary + ", found " + id);
      }
    }
    return ids;
  }

  private static OptionalInt ofTokenizer(CheckpointDirectory directory) {
    try {
      Optional<Path> file = directory.find("tokenizer_config.json");
      if (file.isEmpty()) {
        return OptionalInt.empty();
      }
      JsonNode settings = Json.MAPPER.readTree(file.get().toFile());
      JsonNode end = settings.path("eos_token");
      String text = end.path("content").asText(end.asText());
      for (Map.Entry<String, JsonNode> added : settings.path("added_tokens_decoder").properties()) {
        if (added.getValue().path("content").asText().equals(text)) {
          return OptionalInt.of(Integer.parseInt(added.getKey()));
        }
      }
      Optional<Path> tokenizer = directory.find("tokenizer.json");
      return text.isEmpty() || tokenizer.isEmpty()
          ? OptionalInt.empty()
          : ofAdded(tokenizer.get(), text);
    } catch (JacksonException | NumberFormatException damaged) {
      return OptionalInt.empty();
    } catch (IOException e) {
      throw new CheckpointException(
          "the tokenizer's files cannot be read (%s), in %s: check their permissions"
              .formatted(ErrorText.reason(e), directory.path()),
          e);
    }
  }

  /** The vocabulary of some megabytes is passed over unread. */
  private static OptionalInt ofAdded(Path tokenizer, String text) throws IOException {
    try (JsonParser parser = Json.MAPPER.createParser(tokenizer.toFile())) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean added = parser.currentName().equals("added_tokens");
        parser.nextToken();
        if (!added) {
          parser.skipChildren();
          continue;
        }
        for (JsonNode token : parser.<JsonNode>readValueAsTree()) {
          if (token.path("content").asText().equals(text) && token.path("id").isInt()) {
            return OptionalInt.of(token.path("id").asInt());
          }
        }
        return OptionalInt.empty();
      }
      return OptionalInt.empty();
    }
  }
}
