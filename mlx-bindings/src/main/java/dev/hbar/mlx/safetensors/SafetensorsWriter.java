package dev.hbar.mlx.safetensors;

import dev.hbar.mlx.ErrorText;
import dev.hbar.mlx.MlxFileException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes safetensors files of any size in little memory. The file appears complete or not at all:
 * the bytes go to a temporary file beside it, which is synced and renamed.
 */
public final class SafetensorsWriter {
  private static final String WAY_OUT = "free some space or choose another folder";

  private static final String NO_SUM = "00000000";

  private SafetensorsWriter() {}

  /**
   * Writes {@code tensors} in their order, replacing a file that is there. On any failure the
   * temporary file {@code <name>.tmp} is deleted and the old file is untouched.
   *
   * @param file in a folder that exists
   * @param metadata the file's own notes; may be empty
   * @throws MlxFileException when the file cannot be written; the message names it
   * @throws IllegalArgumentException for tensors that no reader would accept
   * @throws IllegalStateException when a source writes more or fewer bytes than it must
   */
  public static void write(Path file, Map<String, String> metadata, List<TensorToWrite> tensors) {
    write(file, metadata, tensors, false);
  }

  /**
   * As {@link #write}, with the checksum of each tensor among the notes, which {@link
   * SafetensorsHeader#requireSum} compares.
   *
   * @throws MlxFileException when the file cannot be written; the message names it
   */
  public static void writeSummed(
      Path file, Map<String, String> metadata, List<TensorToWrite> tensors) {
    write(file, metadata, tensors, true);
  }

  private static void write(
      Path file, Map<String, String> metadata, List<TensorToWrite> tensors, boolean summed) {
    Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
    try {
      Files.deleteIfExists(temporary);
      try {
        fill(temporary, new TreeMap<>(metadata), tensors, summed);
        Files.move(
            temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(temporary);
      }
    } catch (IOException e) {
      throw MlxFileException.of(file, "cannot be written: " + ErrorText.reason(e), WAY_OUT, e);
    }
  }

  private static void fill(
      Path temporary, Map<String, String> notes, List<TensorToWrite> tensors, boolean summed)
      throws IOException {
    if (summed) {
      // In place of the sums, which are known when all is written.
      tensors.forEach(tensor -> notes.put(SafetensorsHeader.SUM + tensor.name(), NO_SUM));
    }
    // CREATE_NEW: never through a link that somebody put there.
    try (FileChannel channel =
        FileChannel.open(temporary, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
      writeWhole(channel, HeaderBytes.of(notes, tensors));
      for (TensorToWrite tensor : tensors) {
        ExactChannel exact = new ExactChannel(channel, tensor.name(), tensor.byteSize());
        tensor.source().writeTo(exact);
        exact.requireComplete();
        notes.replace(SafetensorsHeader.SUM + tensor.name(), exact.sum());
      }
      if (summed) {
        channel.position(0);
        writeWhole(channel, HeaderBytes.of(notes, tensors));
      }
      channel.force(true);
    }
  }

  private static void writeWhole(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
