package dev.hbar.model.convert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.hbar.model.checkpoint.CheckpointException;
import dev.hbar.model.checkpoint.RegularFile;
import dev.hbar.model.io.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where a converted checkpoint came from; the file that says so is written last.
 *
 * @param source name of the file or folder
 * @param sha256 of its contents
 * @param bytes of its contents
 * @param settings what else decides the result; may be empty
 */
record Provenance(String source, String sha256, long bytes, Map<String, Object> settings) {

  static final String FILE_NAME = "hbar_convert.json";

  /** To be raised when the same source gives other files. */
  private static final int CONVERSION = 1;

  private static final long MAX_BYTES = 1 << 20;

  /** The fields for a finished folder. */
  Map<String, Object> fields(Path folder, List<String> files) throws IOException {
    Map<String, Object> sizes = new LinkedHashMap<>();
    for (String file : files) {
      sizes.put(file, Files.size(folder.resolve(file)));
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("tool", "hbar convert");
    fields.put("conversion", CONVERSION);
    fields.put("source", source);
    fields.put("source_sha256", sha256);
    fields.put("source_bytes", bytes);
    if (!settings.isEmpty()) {
      fields.put("settings", settings);
    }
    fields.put("files", sizes);
    return fields;
  }

  /**
   * Refuses a folder that no conversion made, before the source is read through.
   *
   * @throws CheckpointException if the folder holds anything else
   */
  static void requireFreeOrConverted(Path target) throws IOException {
    if (OutputFolder.isOccupied(target) && !Files.isRegularFile(target.resolve(FILE_NAME))) {
      throw occupied(target);
    }
  }

  /**
   * Whether a folder is the complete result of this very conversion.
   *
   * @throws CheckpointException if it holds anything else
   */
  boolean isIn(Path target) throws IOException {
    if (!OutputFolder.isOccupied(target)) {
      return false;
    }
    if (!matches(target)) {
      throw occupied(target);
    }
    return true;
  }

  private static CheckpointException occupied(Path target) {
    return new CheckpointException(
        "%s is not empty and holds another conversion or other files: remove it or name another folder"
            .formatted(target));
  }

  private boolean matches(Path folder) throws IOException {
    Path file = folder.resolve(FILE_NAME);
    if (!Files.isRegularFile(file) || Files.size(file) > MAX_BYTES) {
      return false;
    }
    JsonNode fields = fields(file);
    JsonNode wanted = Json.MAPPER.readTree(Json.MAPPER.writeValueAsString(settings));
    if (fields.path("conversion").asInt() != CONVERSION
        || !fields.path("source_sha256").asText().equals(sha256)
        || !(settings.isEmpty()
            ? !fields.has("settings")
            : fields.path("settings").equals(wanted))) {
      return false;
    }
    for (Map.Entry<String, JsonNode> entry : fields.path("files").properties()) {
      if (!isWhole(folder, entry.getKey(), entry.getValue().asLong(-1))) {
        return false;
      }
    }
    return !fields.path("files").isEmpty();
  }

  /** What the file says; nothing if it is damaged, as then it is of no conversion that is known. */
  private static JsonNode fields(Path file) {
    try {
      return Json.MAPPER.readTree(RegularFile.text(file, 1 << 23));
    } catch (IOException damaged) {
      return MissingNode.getInstance();
    }
  }

  private static boolean isWhole(Path folder, String name, long size) throws IOException {
    try {
      Path part = folder.resolve(name);
      return folder.equals(part.getParent())
          && Files.isRegularFile(part)
          && Files.size(part) == size;
    } catch (InvalidPathException noFile) {
      return false;
    }
  }
}
