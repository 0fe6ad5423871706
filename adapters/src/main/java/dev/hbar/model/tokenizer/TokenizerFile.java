package dev.hbar.model.tokenizer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hbar.mlx.ErrorText;
import dev.hbar.mlx.JsonFault;
import dev.hbar.model.checkpoint.CheckpointException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What tokenizer.json says, as far as this package needs it beside the library that interprets the
 * file.
 *
 * @param json the file's text with truncation and padding taken out: ids must be those of the whole
 *     text
 * @param ids piece to id, added tokens included
 * @param pieces id to piece, the inverse of {@code ids}
 * @param specialIds ids of added tokens marked special, which decoding leaves out by default
 * @param decoder how pieces become text again
 * @param known whether all of it is of the shapes in {@link KnownShapes}
 */
record TokenizerFile(
    String json,
    Map<String, Integer> ids,
    Map<Integer, String> pieces,
    Set<Integer> specialIds,
    Decoder decoder,
    boolean known) {

  /** The kinds of decoder that streaming must tell apart. */
  enum Decoder {
    /** Every piece spells bytes in a fixed alphabet, independent of its neighbours. */
    BYTE_LEVEL,
    /** Pieces such as {@code <0xE2>} stand for bytes, and a run of them becomes text as a whole. */
    BYTE_FALLBACK,
    /** Anything else: a piece is text once its left neighbour is known. */
    PLAIN
  }

  /** The largest published tokenizer.json is about 35 MB. */
  private static final long MAX_BYTES = 256L << 20;

  /** A field that stands twice could be read one way here and another way by the library. */
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

  /**
   * Reads and checks the file.
   *
   * @throws CheckpointException if it is absent, not a file, too large, not JSON, or without model
   *     and vocabulary
   */
  static TokenizerFile read(Path file) {
    return parse(file, text(file));
  }

  /** Checks the text of a file, or one that means the same as {@code file}. */
  static TokenizerFile parse(Path file, String text) {
    JsonNode root = tree(file, text);
    if (!(root instanceof ObjectNode object)) {
      throw broken(file, "not a JSON object");
    }
    try {
      ComponentShapes.check(object);
    } catch (IllegalArgumentException e) {
      throw new CheckpointException(
          "unsafe tokenizer: %s: %s: use a tokenizer.json without it"
              .formatted(file, e.getMessage()));
    }
    Map<String, Integer> ids = vocabulary(file, object.path("model").path("vocab"));
    Set<Integer> special = addedTokens(file, object.path("added_tokens"), ids);
    Map<Integer, String> pieces = HashMap.newHashMap(ids.size());
    ids.forEach((piece, id) -> pieces.put(id, piece));
    return new TokenizerFile(
        withoutLengthRules(object, text),
        ids,
        pieces,
        special,
        decoder(object.path("decoder")),
        KnownShapes.of(object));
  }

  /** The tree of a file's text. */
  static JsonNode tree(Path file, String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw broken(file, "not valid JSON (%s)".formatted(JsonFault.of(e.getOriginalMessage())));
    }
  }

  /** The tree of a text that {@link #parse} has let pass. */
  static JsonNode tree(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** The text of a file that is not too large. */
  static String text(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new CheckpointException(
          "no tokenizer: %s is missing or not a file: complete the checkpoint folder"
              .formatted(file));
    }
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw broken(file, "larger than %s MiB".formatted(MAX_BYTES >> 20));
      }
      String text = Files.readString(file, StandardCharsets.UTF_8);
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (IOException e) {
      throw broken(file, "not readable as UTF-8 text (%s)".formatted(ErrorText.reason(e)));
    }
  }

  private static Map<String, Integer> vocabulary(Path file, JsonNode vocab) {
    Map<String, Integer> ids = HashMap.newHashMap(vocab.size());
    if (vocab.isObject()) {
      for (Map.Entry<String, JsonNode> entry : vocab.properties()) {
        ids.put(entry.getKey(), id(file, "model.vocab", entry.getValue()));
      }
    } else if (vocab.isArray()) {
      // Unigram: a list of [piece, score] whose position is the id.
      for (JsonNode entry : vocab) {
        ids.put(entry.path(0).asText(), ids.size());
      }
    }
    if (ids.isEmpty()) {
      throw broken(file, "model.vocab is missing or empty");
    }
    return ids;
  }

  private static Set<Integer> addedTokens(Path file, JsonNode added, Map<String, Integer> ids) {
    Set<Integer> special = new HashSet<>();
    for (JsonNode token : added) {
      int id = id(file, "added_tokens", token.path("id"));
      ids.put(token.path("content").asText(), id);
      if (token.path("special").asBoolean()) {
        special.add(id);
      }
    }
    return special;
  }

  private static int id(Path file, String field, JsonNode value) {
    if (!value.isInt() || value.asInt() < 0) {
      throw broken(file, "%s holds an id that is not a number from 0 up".formatted(field));
    }
    return value.asInt();
  }

  private static String withoutLengthRules(ObjectNode root, String text) {
    if (root.path("truncation").isMissingNode() && root.path("padding").isMissingNode()
        || root.path("truncation").isNull() && root.path("padding").isNull()) {
      return text;
    }
    return root.putNull("truncation").putNull("padding").toString();
  }

  private static Decoder decoder(JsonNode decoder) {
    return switch (decoder.path("type").asText()) {
      case "ByteLevel" -> Decoder.BYTE_LEVEL;
      case "ByteFallback" -> Decoder.BYTE_FALLBACK;
      case "Sequence" -> sequence(decoder.path("decoders"));
      default -> Decoder.PLAIN;
    };
  }

  private static Decoder sequence(JsonNode decoders) {
    if (decoders.size() == 1) {
      return decoder(decoders.get(0));
    }
    for (JsonNode step : decoders) {
      if (step.path("type").asText().equals("ByteFallback")) {
        return Decoder.BYTE_FALLBACK;
      }
    }
    return Decoder.PLAIN;
  }

  private static CheckpointException broken(Path file, String what) {
    return new CheckpointException(
        "broken tokenizer: %s: %s: fetch the file again".formatted(file, what));
  }
}
