package dev.hbar.model.hub;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;

/**
 * A content that is growing, hashed as it comes. What an earlier run left is hashed first and gone
 * on from.
 */
final class PartialFile implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 20;

  private final RemoteFile file;
  private final FileChannel channel;
  private MessageDigest digest;
  private long size;

  private PartialFile(RemoteFile file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
    this.digest = file.blob().digest(file.size());
  }

  static PartialFile open(Path path, RemoteFile file) throws IOException {
    FileChannel channel =
        FileChannel.open(
            path,
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            LinkOption.NOFOLLOW_LINKS);
    PartialFile partial = new PartialFile(file, channel);
    boolean opened = false;
    try {
      partial.takeOver();
      opened = true;
      return partial;
    } finally {
      if (!opened) {
        channel.close();
      }
    }
  }

  private void takeOver() throws IOException {
    if (channel.size() > file.size()) {
      channel.truncate(0);
    }
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    while (channel.read(buffer) > 0) {
      size += buffer.position();
      digest.update(buffer.flip());
      buffer.clear();
    }
  }

  long size() {
    return size;
  }

  boolean isWhole() {
    return size == file.size();
  }

  /** Bytes to come. */
  long missing() {
    return file.size() - size;
  }

  void write(byte[] bytes, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, length);
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
    digest.update(bytes, 0, length);
    size += length;
  }

  /** Forgets all that came. */
  void restart() throws IOException {
    channel.truncate(0);
    digest = file.blob().digest(file.size());
    size = 0;
  }

  /** Whether the whole content has the hash that was listed; it is on the disk then. */
  boolean isRight() throws IOException {
    boolean right = file.blob().isOf(digest);
    if (right) {
      channel.force(true);
    }
    return right;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
