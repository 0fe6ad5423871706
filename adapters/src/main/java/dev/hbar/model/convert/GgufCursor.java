package dev.hbar.model.convert;

import dev.hbar.model.checkpoint.CheckpointException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Reads little-endian values front to back and never past the end; every length is checked before
 * memory is taken.
 */
final class GgufCursor {

  private static final String WAY_OUT = "the file is damaged, fetch it again";

  private final Path path;
  private final FileChannel channel;
  private final long size;
  private final ByteBuffer buffer =
      ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN).limit(0);
  private long filled;

  GgufCursor(Path path, FileChannel channel) throws IOException {
    this.path = path;
    this.channel = channel;
    this.size = channel.size();
  }

  long size() {
    return size;
  }

  /** Bytes from the start of the file to the next value. */
  long position() {
    return filled - buffer.remaining();
  }

  int u8() throws IOException {
    return have(1).get() & 0xFF;
  }

  int u16() throws IOException {
    return have(2).getShort() & 0xFFFF;
  }

  int i32() throws IOException {
    return have(4).getInt();
  }

  long i64() throws IOException {
    return have(8).getLong();
  }

  float f32() throws IOException {
    return have(4).getFloat();
  }

  double f64() throws IOException {
    return have(8).getDouble();
  }

  /**
   * A count of things that follow.
   *
   * @param what for the error message
   * @param most how many are accepted
   * @param leastBytes the least that one of them takes, so that the file could hold them all
   */
  int count(String what, int most, int leastBytes) throws IOException {
    long count = i64();
    if (count < 0 || count > most) {
      throw fault("%s is %s, more than %s".formatted(what, Long.toUnsignedString(count), most));
    }
    if (count * leastBytes > size - position()) {
      throw fault("%s is %s, more than the rest of the file can hold".formatted(what, count));
    }
    return (int) count;
  }

  /** A length and that many bytes of UTF-8. */
  String text(String what, int mostBytes) throws IOException {
    byte[] bytes = new byte[count("the length of " + what, mostBytes, 1)];
    for (int at = 0; at < bytes.length; ) {
      ByteBuffer source = have(1);
      int length = Math.min(bytes.length - at, source.remaining());
      source.get(bytes, at, length);
      at += length;
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw fault(what + " is not valid UTF-8");
    }
  }

  /** An error at the current position. */
  CheckpointException fault(String what) {
    return CheckpointException.inFile(
        path, "%s (before byte %s)".formatted(what, position()), WAY_OUT);
  }

  private ByteBuffer have(int bytes) throws IOException {
    if (buffer.remaining() < bytes) {
      buffer.compact();
      while (buffer.position() < bytes) {
        int read = channel.read(buffer, filled);
        if (read < 0) {
          buffer.flip();
          throw fault("the file ends too early");
        }
        filled += read;
      }
      buffer.flip();
    }
    return buffer;
  }
}
