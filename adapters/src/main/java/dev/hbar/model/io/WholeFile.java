package dev.hbar.model.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Files that are there whole or not at all. */
public final class WholeFile {
  private WholeFile() {}

  /**
   * Writes a file: after a crash or on a full disk there is what was there before. A device or a
   * pipe is written to, as only a file can be replaced.
   */
  public static void write(Path file, byte[] bytes) throws IOException {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      Files.write(file, bytes);
      return;
    }
    write(file, bytes, file.resolveSibling(file.getFileName() + ".part"));
  }

  /** The same by way of a part where nobody takes it for another file. */
  public static void write(Path file, byte[] bytes, Path part) throws IOException {
    try {
      fill(part, bytes);
      replace(part, file);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private static void fill(Path part, byte[] bytes) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            part,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteBuffer left = ByteBuffer.wrap(bytes);
      while (left.hasRemaining()) {
        channel.write(left);
      }
      channel.force(true);
    }
  }

  /** Puts a finished file in the place of another, in one step that nobody sees half of. */
  public static void replace(Path finished, Path file) throws IOException {
    Files.move(finished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
