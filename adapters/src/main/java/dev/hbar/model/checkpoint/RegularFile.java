package dev.hbar.model.checkpoint;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

/** Opens files that end: reading a device, a pipe or a folder would block or never end. */
public final class RegularFile {
  private static final byte[] GZIP = {0x1F, (byte) 0x8B};
  private static final byte[] MARK = "\uFEFF".getBytes(StandardCharsets.UTF_8);

  private RegularFile() {}

  /**
   * The bytes of a file.
   *
   * @throws NoSuchFileException if there is none
   * @throws FileSystemException if it is no regular file
   */
  public static InputStream open(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new NoSuchFileException(file.toString());
    }
    if (!Files.isRegularFile(file)) {
      throw new FileSystemException(file.toString(), null, "not a regular file");
    }
    return Files.newInputStream(file);
  }

  /**
   * The text that bytes stand for: out of gzip where they are packed so, and without a byte order
   * mark.
   */
  public static InputStream plain(InputStream bytes) throws IOException {
    InputStream packed = new BufferedInputStream(bytes);
    InputStream text =
        startsWith(packed, GZIP) ? new BufferedInputStream(new GZIPInputStream(packed)) : packed;
    if (startsWith(text, MARK)) {
      text.skipNBytes(MARK.length);
    }
    return text;
  }

  private static boolean startsWith(InputStream in, byte[] start) throws IOException {
    in.mark(start.length);
    byte[] first = in.readNBytes(start.length);
    in.reset();
    return Arrays.equals(first, start);
  }

  /**
   * All bytes of a file.
   *
   * @param most the most it may have
   * @throws FileSystemException also if it has more
   */
  public static byte[] bytes(Path file, int most) throws IOException {
    try (InputStream in = open(file)) {
      byte[] bytes = in.readNBytes(most);
      if (bytes.length == most && in.read() >= 0) {
        throw new FileSystemException(file.toString(), null, "more than " + most + " bytes");
      }
      return bytes;
    }
  }

  /**
   * The text of a file.
   *
   * @param most the most bytes it may have
   * @throws FileSystemException also if it is not UTF-8
   */
  public static String text(Path file, int most) throws IOException {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes(file, most)))
          .toString();
    } catch (CharacterCodingException e) {
      throw new FileSystemException(file.toString(), null, "not UTF-8");
    }
  }
}
