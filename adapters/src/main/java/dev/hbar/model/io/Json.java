package dev.hbar.model.io;

import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

/**
 * JSON without settings of its own. Nobody configures these: a format with rules, such as
 * config.json with its duplicate keys, builds a mapper beside its reader.
 */
public final class Json {
  /** As Jackson reads and writes by default. */
  public static final JsonMapper MAPPER = new JsonMapper();

  /** Writes for people, indented. */
  public static final ObjectWriter INDENTED = MAPPER.writer(SerializationFeature.INDENT_OUTPUT);

  private Json() {}
}
