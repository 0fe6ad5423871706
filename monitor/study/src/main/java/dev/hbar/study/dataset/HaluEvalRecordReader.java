package dev.hbar.study.dataset;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Reads one line of a HaluEval file into its fields, strictly. */
final class HaluEvalRecordReader {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private HaluEvalRecordReader() {}

  /**
   * The task's fields of one record; others are ignored.
   *
   * @throws DatasetException naming file, line and field
   */
  static Map<String, String> read(Path file, long lineNumber, String line, HaluEvalTask task) {
    JsonNode node = parse(file, lineNumber, line);
    if (!node.isObject()) {
      throw new DatasetException(file, lineNumber, "not a JSON object");
    }
    Map<String, String> fields = new HashMap<>();
    for (String field : task.requiredFields()) {
      JsonNode value = node.get(field);
      if (value == null) {
        throw new DatasetException(
            file,
            lineNumber,
            "field \"%s\" is missing; is this a %s file?".formatted(field, task.id()));
      }
      if (!value.isTextual()) {
        throw new DatasetException(file, lineNumber, "field \"%s\" is not a text".formatted(field));
      }
      fields.put(field, value.textValue());
    }
    return fields;
  }

  private static JsonNode parse(Path file, long lineNumber, String line) {
    try {
      return JSON.readTree(line);
    } catch (JsonProcessingException e) {
      String reason = e.getOriginalMessage().lines().findFirst().orElse("unreadable");
      throw new DatasetException(file, lineNumber, "broken JSON: " + reason);
    }
  }
}
