package dev.hbar.model.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.IntConsumer;

/** SHA-256, in lower-case hexadecimal digits where it is text. */
public final class Sha256 {
  private static final int CHUNK_BYTES = 1 << 20;

  private Sha256() {}

  /** A digest that has seen nothing yet. */
  public static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError("every JDK has SHA-256", impossible);
    }
  }

  /** The hash of these bytes. */
  public static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(digest().digest(bytes));
  }

  /** A finished digest as text; it starts anew afterwards. */
  public static String hex(MessageDigest finished) {
    return HexFormat.of().formatHex(finished.digest());
  }

  /** The hash of a file's content, read to its end. */
  public static String hex(Path file) throws IOException {
    return HexFormat.of().formatHex(digest(file, read -> {}));
  }

  /**
   * The 32 bytes of a file's hash.
   *
   * @param progress is told of every piece, how many bytes it has
   */
  public static byte[] digest(Path file, IntConsumer progress) throws IOException {
    MessageDigest digest = digest();
    byte[] chunk = new byte[CHUNK_BYTES];
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
        digest.update(chunk, 0, read);
        progress.accept(read);
      }
    }
    return digest.digest();
  }
}
