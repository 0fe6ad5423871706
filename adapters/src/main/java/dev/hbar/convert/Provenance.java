package dev.hbar.convert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The file that says where a converted checkpoint came from; it is written last. */
final class Provenance {

  static final String FILE_NAME = "hbar_convert.json";

  /** To be raised when the same source gives other files. */
  private static final int CONVERSION = 1;

  private static final long MAX_BYTES = 1 << 20;
  private static final ObjectMapper JSON = new ObjectMapper();

  private Provenance() {}

  /** The fields for a source. */
  static Map<String, Object> fields(
      Path source, String sha256, long bytes, Path folder, List<String> files) throws IOException {
    Map<String, Object> sizes = new LinkedHashMap<>();
    for (String file : files) {
      sizes.put(file, Files.size(folder.resolve(file)));
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("tool", "hbar convert");
    fields.put("conversion", CONVERSION);
    fields.put("source", source.getFileName().toString());
    fields.put("source_sha256", sha256);
    fields.put("source_bytes", bytes);
    fields.put("files", sizes);
    return fields;
  }

  /** Whether a folder is the complete result of converting the source with this hash. */
  static boolean matches(Path folder, String sha256) throws IOException {
    Path file = folder.resolve(FILE_NAME);
    if (!Files.isRegularFile(file) || Files.size(file) > MAX_BYTES) {
      return false;
    }
    JsonNode fields = JSON.readTree(Files.readString(file));
    if (fields.path("conversion").asInt() != CONVERSION
        || !fields.path("source_sha256").asText().equals(sha256)) {
      return false;
    }
    for (Map.Entry<String, JsonNode> entry : fields.path("files").properties()) {
      Path part = folder.resolve(Path.of(entry.getKey()).getFileName());
      if (!Files.isRegularFile(part) || Files.size(part) != entry.getValue().asLong(-1)) {
        return false;
      }
    }
    return !fields.path("files").isEmpty();
  }
}
