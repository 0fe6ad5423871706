package dev.hbar.mlx.safetensors;

import dev.hbar.mlx.MlxFileException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;

/**
 * Writes safetensors files of any size in little memory. The file appears complete or not at all:
 * the bytes go to a temporary file beside it, which is synced and renamed.
 */
public final class SafetensorsWriter {
  private static final String WAY_OUT = "free some space or choose another folder";

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
    Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
    try {
      ByteBuffer header = HeaderBytes.of(metadata, tensors);
      Files.deleteIfExists(temporary);
      try {
        fill(temporary, header, tensors);
        Files.move(
            temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(temporary);
      }
    } catch (IOException e) {
      String reason = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
      String what = reason == null ? e.getClass().getSimpleName() : reason;
      throw MlxFileException.of(file, "cannot be written: " + what, WAY_OUT, e);
    }
  }

  private static void fill(Path temporary, ByteBuffer header, List<TensorToWrite> tensors)
      throws IOException {
    // CREATE_NEW: never through a link that somebody put there.
    try (FileChannel channel =
        FileChannel.open(temporary, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
      while (header.hasRemaining()) {
        channel.write(header);
      }
      for (TensorToWrite tensor : tensors) {
        ExactChannel exact = new ExactChannel(channel, tensor.name(), tensor.byteSize());
        tensor.source().writeTo(exact);
        exact.requireComplete();
      }
      channel.force(true);
    }
  }
}
