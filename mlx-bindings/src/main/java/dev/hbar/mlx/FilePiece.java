package dev.hbar.mlx;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * A stretch of a file and the buffer it fills completely.
 *
 * @param position first byte in the file
 * @param target its remaining bytes are the length
 */
record FilePiece(long position, ByteBuffer target) {
  /** Fills the buffer; any thread. */
  Void read(FileChannel channel, Path file) throws IOException {
    ByteBuffer rest = target.duplicate();
    long at = position;
    while (rest.hasRemaining()) {
      int count = channel.read(rest, at);
      if (count < 0) {
        throw MlxFileException.of(
            file, "ends at byte " + at + " inside a tensor", "the file was cut: fetch it again");
      }
      at += count;
    }
    return null;
  }
}
