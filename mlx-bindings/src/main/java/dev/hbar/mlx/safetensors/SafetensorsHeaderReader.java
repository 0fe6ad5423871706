package dev.hbar.mlx.safetensors;

import dev.hbar.mlx.ErrorText;
import dev.hbar.mlx.MlxFileException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Reads and validates safetensors headers. Stricter than MLX, which accepts overlaps, holes,
 * wrapped dimensions and trailing bytes; as strict as the format's reference implementation, plus
 * bounds on names, ranks and counts. Pure Java: nothing native is called.
 */
public final class SafetensorsHeaderReader {
  private static final int LENGTH_BYTES = 8;
  private static final String WAY_OUT = "download or convert it again";

  private SafetensorsHeaderReader() {}

  /**
   * The header of {@code file}.
   *
   * @throws MlxFileException when the file is missing, unreadable, no regular file, or breaks a
   *     rule of the format; the message names the tensor where there is one
   */
  public static SafetensorsHeader read(Path file) {
    FileStamp stamp = regularFile(file);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      SafetensorsHeader header = header(file, stamp, channel);
      header.requireUnchanged();
      return header;
    } catch (HeaderFault e) {
      throw MlxFileException.of(
          file, "corrupt safetensors file: " + e.getMessage(), WAY_OUT, e.getCause());
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /** Before opening: opening a FIFO would block until somebody writes to it. */
  private static FileStamp regularFile(Path file) {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      if (attributes.isDirectory()) {
        throw MlxFileException.of(file, "is a directory", "name a safetensors file");
      }
      if (!attributes.isRegularFile()) {
        throw MlxFileException.of(file, "is not a regular file", "name a safetensors file");
      }
      return FileStamp.of(attributes);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static MlxFileException unreadable(Path file, IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> MlxFileException.of(file, "no such file", WAY_OUT, e);
      case AccessDeniedException _ ->
          MlxFileException.of(file, "no permission to read it", "change its permissions", e);
      default -> MlxFileException.of(file, "cannot be read: " + ErrorText.reason(e), WAY_OUT, e);
    };
  }

  private static SafetensorsHeader header(Path file, FileStamp stamp, FileChannel channel)
      throws IOException, HeaderFault {
    int length = headerLength(channel, stamp.size());
    byte[] bytes = bytes(channel, LENGTH_BYTES, length).array();
    if (bytes[0] != '{') {
      throw new HeaderFault("the header does not begin with '{'");
    }
    HeaderJson.Content content = HeaderJson.parse(bytes);
    long dataStart = (long) LENGTH_BYTES + length;
    return new SafetensorsHeader(
        file,
        stamp,
        dataStart,
        content.metadata(),
        HeaderLayout.ordered(content.tensors(), stamp.size() - dataStart));
  }

  /** The length that the file claims, checked before anything of that length is allocated. */
  private static int headerLength(FileChannel channel, long fileSize)
      throws IOException, HeaderFault {
    if (fileSize < LENGTH_BYTES) {
      throw new HeaderFault("it has " + fileSize + " bytes, fewer than a header's length takes");
    }
    long length = bytes(channel, 0, LENGTH_BYTES).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
    String claim = "it claims a header of " + Long.toUnsignedString(length) + " bytes";
    if (length == 0) {
      throw new HeaderFault(claim);
    }
    if (length < 0 || length > fileSize - LENGTH_BYTES) {
      throw new HeaderFault(claim + ", but the file has " + fileSize);
    }
    if (length > TensorRules.MAX_HEADER) {
      throw new HeaderFault(claim + ", more than " + TensorRules.MAX_HEADER);
    }
    return (int) length;
  }

  private static ByteBuffer bytes(FileChannel channel, long position, int length)
      throws IOException, HeaderFault {
    ByteBuffer buffer = ByteBuffer.allocate(length);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, position + buffer.position()) < 0) {
        throw new HeaderFault("it became shorter while it was read");
      }
    }
    return buffer;
  }
}
