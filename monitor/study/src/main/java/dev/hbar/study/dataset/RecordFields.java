package dev.hbar.study.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;

/**
 * One record of a dataset file. What is not as expected is an error that names file, record and
 * field.
 *
 * @param place for instance {@code line 7}
 * @param json an object
 */
record RecordFields(Path file, String place, JsonNode json) {
  /** A field that must be a text. */
  String text(String field) {
    JsonNode value = json.path(field);
    if (!value.isTextual()) {
      throw wrong("field \"%s\" must be a text".formatted(field));
    }
    return value.textValue();
  }

  /** A field that must be a text, or a list of texts, of which the first counts. */
  String firstText(String field) {
    JsonNode value = json.path(field);
    JsonNode first = value.isArray() ? value.path(0) : value;
    if (!first.isTextual()) {
      throw wrong("field \"%s\" must be a text or a list of texts".formatted(field));
    }
    return first.textValue();
  }

  /** A field that must be 0 or 1. */
  int label(String field) {
    JsonNode value = json.path(field);
    if (!value.isInt() || value.intValue() < 0 || value.intValue() > 1) {
      throw wrong("field \"%s\" must be 0 (right) or 1 (hallucinated)".formatted(field));
    }
    return value.intValue();
  }

  DatasetException wrong(String problem) {
    return new DatasetException(file, place + ": " + problem);
  }
}
