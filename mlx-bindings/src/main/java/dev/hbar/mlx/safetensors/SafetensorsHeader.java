package dev.hbar.mlx.safetensors;

import dev.hbar.mlx.MlxFileException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The header of a safetensors file, validated: every tensor lies inside the file, no two share a
 * byte, none is missing one.
 *
 * @param file the file as it was named
 * @param stamp size, time and identity of the file when the header was read
 * @param dataStart position of the data section in the file, in bytes
 * @param metadata the file's own notes; empty when it has none
 * @param tensors by name, in the order of their data
 */
public record SafetensorsHeader(
    Path file,
    FileStamp stamp,
    long dataStart,
    Map<String, String> metadata,
    Map<String, TensorInfo> tensors) {
  /** What a note begins with that holds the checksum of the tensor whose name follows. */
  static final String SUM = "sum.";

  /** Copies the maps and keeps their order. */
  public SafetensorsHeader {
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
  }

  /** Size of the whole file in bytes. */
  public long fileSize() {
    return stamp.size();
  }

  /** Size of the data section in bytes. */
  public long dataSize() {
    return fileSize() - dataStart;
  }

  /**
   * Call with the checksum of a tensor's bytes. Files of others have no sums and pass.
   *
   * @throws MlxFileException when the file has another sum of this tensor in its notes
   */
  public void requireSum(String tensor, Checksum read) {
    String written = metadata.get(SUM + tensor);
    if (written != null && !written.equals(read.digits())) {
      throw MlxFileException.of(
          file,
          "the checksum of " + tensor + " does not fit: the file is not as it was written",
          "restore it or make it again");
    }
  }

  /**
   * Call after the data was read: what was read is worth nothing if the file changed meanwhile.
   *
   * @throws MlxFileException when the file was written to, cut or replaced since the header was
   *     read
   */
  public void requireUnchanged() {
    FileStamp now;
    try {
      now = FileStamp.of(file);
    } catch (IOException e) {
      throw MlxFileException.of(file, "vanished while it was read", "load it again", e);
    }
    if (!now.equals(stamp)) {
      throw MlxFileException.of(
          file, "changed while it was read", "stop whatever writes to it and load it again");
    }
  }
}
