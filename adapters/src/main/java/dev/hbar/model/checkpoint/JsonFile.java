package dev.hbar.model.checkpoint;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hbar.mlx.ErrorText;
import dev.hbar.mlx.JsonFault;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads one small JSON file of a checkpoint whole, within bounds on size and depth. */
final class JsonFile {
  static final int CONFIG_BYTES = 8 << 20;
  static final int INDEX_BYTES = 64 << 20;
  private static final int MAX_DEPTH = 64;
  private static final String FLOAT = "__float__";
  private static final String WAY_OUT = "download the checkpoint again";

  /** NaN and Infinity are what Python writes; the field that holds one is refused by name later. */
  private static final ObjectMapper MAPPER =
      new ObjectMapper(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private JsonFile() {}

  /**
   * The object that {@code file} holds.
   *
   * @param maxBytes a longer file is refused before it is parsed
   * @throws CheckpointException naming the file and the position of the fault
   */
  static JsonFields read(Path file, int maxBytes) {
    return parsed(file, text(file, maxBytes));
  }

  static JsonFields parsed(Path file, String text) {
    if (text.isBlank()) {
      throw CheckpointException.inFile(file, "the file is empty", WAY_OUT);
    }
    JsonNode root;
    try {
      root = MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      String where = at == null ? "" : " at line %s".formatted(at.getLineNr());
      throw new CheckpointException(
          "not valid JSON%s (%s), in %s: %s"
              .formatted(where, JsonFault.of(e.getOriginalMessage()), file, WAY_OUT),
          e);
    }
    if (!root.isObject()) {
      throw CheckpointException.inFile(file, "the file holds no JSON object", WAY_OUT);
    }
    return new JsonFields(file, "", (ObjectNode) plainNumbers(root));
  }

  /** Numbers that JSON cannot write occur as {@code {"__float__": "Infinity"}}. */
  private static JsonNode plainNumbers(JsonNode node) {
    if (node.size() == 1 && node.path(FLOAT).isTextual()) {
      return switch (node.get(FLOAT).textValue()) {
        case "Infinity" -> DoubleNode.valueOf(Double.POSITIVE_INFINITY);
        case "-Infinity" -> DoubleNode.valueOf(Double.NEGATIVE_INFINITY);
        case "NaN" -> DoubleNode.valueOf(Double.NaN);
        default -> node;
      };
    }
    if (node instanceof ObjectNode object) {
      object.properties().forEach(field -> field.setValue(plainNumbers(field.getValue())));
    } else if (node instanceof ArrayNode list) {
      for (int i = 0; i < list.size(); i++) {
        list.set(i, plainNumbers(list.get(i)));
      }
    }
    return node;
  }

  private static String text(Path file, int maxBytes) {
    // Opening a FIFO or a device would block or never end.
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw CheckpointException.inFile(file, "not a regular file", WAY_OUT);
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(maxBytes + 1);
      if (bytes.length > maxBytes) {
        throw CheckpointException.inFile(
            file, "the file has more than " + maxBytes + " bytes", WAY_OUT);
      }
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new CheckpointException("not valid UTF-8, in " + file + ": " + WAY_OUT, e);
    } catch (NoSuchFileException e) {
      throw new CheckpointException("no such file: " + file + ": " + WAY_OUT, e);
    } catch (AccessDeniedException e) {
      throw new CheckpointException(
          "no permission to read " + file + ": change its permissions", e);
    } catch (IOException e) {
      throw new CheckpointException(
          "cannot be read (" + ErrorText.reason(e) + "), in " + file + ": " + WAY_OUT, e);
    }
  }
}
