package dev.hbar.monitor.detect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hbar.mlx.DType;
import dev.hbar.mlx.safetensors.SafetensorsHeader;
import dev.hbar.mlx.safetensors.SafetensorsHeaderReader;
import dev.hbar.mlx.safetensors.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Reads a detector's folder: detector.json says what it is, detector.safetensors has its numbers.
 */
public final class DetectorReader {
  /** What it is. */
  public static final String JSON_FILE = "detector.json";

  /** Its numbers. */
  public static final String TENSORS_FILE = "detector.safetensors";

  private static final JsonMapper JSON = new JsonMapper();

  private DetectorReader() {}

  /**
   * Reads a linear detector.
   *
   * @throws DetectorException if the folder has none, or one that is not linear in a state
   */
  public static Detector read(Path folder) {
    JsonNode json = json(folder);
    SafetensorsHeader header = SafetensorsHeaderReader.read(folder.resolve(TENSORS_FILE));
    if (!header.tensors().containsKey("weights") || !json.path("features").isEmpty()) {
      throw new DetectorException(
          folder,
          "is of kind "
              + text(folder, json, "kind")
              + ", which cannot be used while text is generated; probe and direction can");
    }
    return new Detector(
        folder,
        text(folder, json, "kind"),
        text(folder, json, "point"),
        text(folder, json, "position"),
        text(folder, json, "checkpoint_sha256"),
        floats(folder, header, "weights"),
        floats(folder, header, "bias")[0]);
  }

  private static JsonNode json(Path folder) {
    Path file = folder.resolve(JSON_FILE);
    try {
      return JSON.readTree(Files.readString(file));
    } catch (NoSuchFileException e) {
      throw new DetectorException(
          folder, "has no " + JSON_FILE + "; make one with hbar detect fit");
    } catch (IOException e) {
      throw new DetectorException(file, "is not the JSON of a detector; fit it again");
    }
  }

  private static String text(Path folder, JsonNode json, String field) {
    JsonNode value = json.path(field);
    if (!value.isTextual()) {
      throw new DetectorException(
          folder.resolve(JSON_FILE), "field \"" + field + "\" must be a text; fit it again");
    }
    return value.textValue();
  }

  /**
   * The numbers of a float32 tensor, at least one and all finite.
   *
   * @throws DetectorException if it is not there or otherwise
   */
  public static float[] floats(Path folder, SafetensorsHeader header, String name) {
    TensorInfo info = header.tensors().get(name);
    if (info == null || info.dtype() != DType.FLOAT32 || info.byteSize() == 0) {
      throw new DetectorException(
          header.file(), "has no float32 tensor " + name + "; fit it again");
    }
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.toIntExact(info.byteSize())).order(ByteOrder.LITTLE_ENDIAN);
    try (FileChannel channel = FileChannel.open(header.file())) {
      long at = header.dataStart() + info.begin();
      while (bytes.hasRemaining() && channel.read(bytes, at + bytes.position()) >= 0) {
        // Reads on until all is there.
      }
    } catch (IOException e) {
      throw new DetectorException(header.file(), "cannot be read: " + e.getMessage());
    }
    float[] values = new float[bytes.position() / Float.BYTES];
    bytes.flip().asFloatBuffer().get(values);
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw new DetectorException(
            header.file(), "a number of " + name + " is not finite; fit it again");
      }
    }
    return values;
  }
}
