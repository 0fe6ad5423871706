package dev.hbar.monitor.detect;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hbar.mlx.DType;
import dev.hbar.mlx.ErrorText;
import dev.hbar.mlx.HbarException;
import dev.hbar.mlx.safetensors.Checksum;
import dev.hbar.mlx.safetensors.SafetensorsHeader;
import dev.hbar.mlx.safetensors.SafetensorsHeaderReader;
import dev.hbar.mlx.safetensors.TensorInfo;
import dev.hbar.model.capture.CapturePoint;
import dev.hbar.model.capture.CapturePoints;
import dev.hbar.model.checkpoint.RegularFile;
import dev.hbar.model.io.JsonSum;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * A linear detector: the log-odds that an answer is hallucinated, w h + b, of a state h. Fitted on
 * the mean over an answer or on its last token; as it is linear, the mean of its tokens' log-odds
 * is the log-odds of their mean state. The array is not to be changed.
 *
 * @param folder where it was read from
 * @param kind how it was fitted, for example {@code probe}
 * @param point the state it looks at, for example {@code block.20}
 * @param position where it was fitted, for example {@code mean-answer}
 * @param checkpointSha256 hash of the checkpoint it was fitted on
 * @param weights w, one per number of the state
 * @param bias b
 */
public record Detector(
    Path folder,
    String kind,
    String point,
    String position,
    String checkpointSha256,
    float[] weights,
    float bias) {
  /** The file of its folder that says what it is. */
  public static final String JSON_FILE = "detector.json";

  private static final int MAX_JSON_BYTES = 1 << 24;

  /** The file of its folder that has its numbers. */
  public static final String TENSORS_FILE = "detector.safetensors";

  private static final JsonMapper JSON = new JsonMapper();

  private static final Set<String> LIVE = Set.of("mean-answer", "last-answer", "answer");

  /**
   * Reads a linear detector.
   *
   * @throws DetectorException if the folder has none, or one that is not linear in a state
   */
  public static Detector read(Path folder) {
    JsonNode json = json(folder);
    SafetensorsHeader header = SafetensorsHeaderReader.read(folder.resolve(TENSORS_FILE));
    if (!header.tensors().containsKey("weights")
        || !json.path("features").isEmpty()
        || state(text(folder, json, "point")).isEmpty()) {
      throw new DetectorException(
          folder.resolve(JSON_FILE),
          "is not linear in the state of a block, so it cannot be used while text is generated;"
              + " a probe or a direction can");
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

  /**
   * This detector, checked for use on a checkpoint's answers while they are generated.
   *
   * @param sha256 hash of the checkpoint
   * @param hidden width of its states
   * @throws DetectorException if it was fitted on another checkpoint or looks at other positions
   */
  public Detector requireFits(String sha256, int hidden) {
    if (!checkpointSha256.equals(sha256)) {
      throw new DetectorException(
          folder,
          "was fitted on another checkpoint ("
              + checkpointSha256
              + "), whose states mean something else; fit one on this checkpoint");
    }
    if (!LIVE.contains(position)) {
      throw new DetectorException(
          folder,
          "looks at "
              + position
              + ", which an answer does not have while it grows; fit one on mean-answer");
    }
    if (weights.length != hidden) {
      throw new DetectorException(
          folder,
          "has %s weights for states of %s numbers; fit it again"
              .formatted(weights.length, hidden));
    }
    return this;
  }

  /** The point whose state it looks at. */
  public CapturePoint capturePoint() {
    return state(point)
        .orElseThrow(
            () ->
                new DetectorException(
                    folder, "looks at no known point: " + point + "; fit it again"));
  }

  private static Optional<CapturePoint> state(String point) {
    return CapturePoints.parse(point.startsWith("block.") ? point + ".output" : point);
  }

  /** The probability of these log-odds. */
  public static double probability(double logOdds) {
    return 1 / (1 + Math.exp(-logOdds));
  }

  private static JsonNode json(Path folder) {
    Path file = folder.resolve(JSON_FILE);
    try {
      JsonNode json = JSON.readTree(RegularFile.text(file, MAX_JSON_BYTES));
      if (!JsonSum.absentOrFits(json)) {
        throw new DetectorException(file, JsonSum.fault());
      }
      return json;
    } catch (NoSuchFileException e) {
      throw new DetectorException(
          folder, "has no " + JSON_FILE + "; make one with hbar detect fit");
    } catch (JsonProcessingException e) {
      throw new DetectorException(file, "is not the JSON of a detector; fit it again");
    } catch (IOException e) {
      throw new DetectorException(
          file, "cannot be read (" + ErrorText.reason(e) + "); fit it again");
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
   * @throws DetectorException if it does not exist or otherwise
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
      throw new DetectorException(
          header.file(), "cannot be read (" + ErrorText.reason(e) + "); name another detector");
    }
    float[] values = new float[bytes.position() / Float.BYTES];
    Checksum sum = new Checksum();
    sum.add(bytes.flip());
    header.requireSum(name, sum);
    bytes.asFloatBuffer().get(values);
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw new DetectorException(
            header.file(), "a number of " + name + " is not finite; fit it again");
      }
    }
    return values;
  }

  /** A detector that cannot be read or used here; one line: folder, what is wrong, way out. */
  public static final class DetectorException extends HbarException {
    private static final long serialVersionUID = 1L;

    /** An error of a detector's folder. */
    public DetectorException(Path folder, String problem) {
      super(folder + ": " + problem);
    }
  }
}
