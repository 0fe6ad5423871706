package dev.hbar.mlx.safetensors;

import dev.hbar.mlx.ErrorText;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** Passes on the bytes of one tensor and counts them: one byte off would shift all that follow. */
final class ExactChannel implements WritableByteChannel {
  private final WritableByteChannel target;
  private final String name;
  private final long expected;
  private final Checksum sum = new Checksum();
  private long written;

  ExactChannel(WritableByteChannel target, String name, long expected) {
    this.target = target;
    this.name = name;
    this.expected = expected;
  }

  @Override
  public int write(ByteBuffer bytes) throws IOException {
    int length = bytes.remaining();
    if (length > expected - written) {
      throw new IllegalStateException(
          "the source of tensor %s writes more than its %s bytes"
              .formatted(ErrorText.quoted(name), expected));
    }
    sum.add(bytes);
    while (bytes.hasRemaining()) {
      written += target.write(bytes);
    }
    return length;
  }

  /** Call when the source is done. */
  void requireComplete() {
    if (written != expected) {
      throw new IllegalStateException(
          "the source of tensor %s wrote %s of its %s bytes"
              .formatted(ErrorText.quoted(name), written, expected));
    }
  }

  /** The checksum of what was passed on. */
  String sum() {
    return sum.digits();
  }

  @Override
  public boolean isOpen() {
    return target.isOpen();
  }

  /** Leaves the file open: it belongs to the writer, not to the source. */
  @Override
  public void close() {}
}
