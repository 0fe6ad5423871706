package dev.hbar.model.io;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hbar.mlx.safetensors.Checksum;

/**
 * Checksums inside JSON: {@code "sum"} holds the {@link Checksum} of an object without it. In a
 * line it is the first field, of the line's bytes; in an indented document the last, of the line
 * that the document's values make, so that it stays right when the document is laid out anew.
 */
public final class JsonSum {
  /** The field. */
  public static final String FIELD = "sum";

  private static final String START = "{\"" + FIELD + "\":\"";
  private static final String END = "\",";
  private static final int LENGTH = START.length() + 8 + END.length();

  private JsonSum() {}

  /** A line of JSON, an object with at least one field, with its checksum in front. */
  public static String summed(String line) {
    return START + Checksum.of(line) + END + line.substring(1);
  }

  /** Whether a line begins with a checksum, right or wrong. */
  public static boolean hasSum(String line) {
    return line.startsWith(START);
  }

  /** Whether a line begins with its own checksum. */
  public static boolean fits(String line) {
    return line.length() > LENGTH && hasSum(line) && line.equals(summed(without(line)));
  }

  /** A line without the checksum that it may begin with. */
  public static String without(String line) {
    return hasSum(line) && line.length() > LENGTH ? "{" + line.substring(LENGTH) : line;
  }

  /** The checksum of a document's values, whether it has one or not. */
  public static String of(ObjectNode document) {
    try {
      return Checksum.of(Json.MAPPER.writeValueAsString(document.deepCopy().without(FIELD)));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a document that was read can be written", e);
    }
  }

  /** Whether a document has no checksum, as those of others, or its own. */
  public static boolean absentOrFits(JsonNode document) {
    return !(document instanceof ObjectNode fields)
        || !fields.path(FIELD).isTextual()
        || fields.path(FIELD).textValue().equals(of(fields));
  }

  /** What to say of a document whose checksum does not fit. */
  public static String fault() {
    return "its checksum does not fit: the file is not as it was written; restore it or make it"
        + " again, or take its field \""
        + FIELD
        + "\" out if it was changed on purpose";
  }
}
