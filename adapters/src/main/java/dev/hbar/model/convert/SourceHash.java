package dev.hbar.model.convert;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;

/** SHA-256 of what is converted, with progress: a large source takes a while to read. */
final class SourceHash {
  private static final String STEP = "hashing the source";
  private static final int CHUNK_BYTES = 1 << 20;

  private SourceHash() {}

  /**
   * The hash in lower-case hexadecimal digits: of a single file its own, of several that of their
   * hashes in the given order.
   */
  static String of(List<Path> files, Consumer<ConvertProgress> progress) throws IOException {
    long total = bytes(files);
    long done = 0;
    MessageDigest all = sha256();
    for (Path file : files) {
      byte[] digest = digest(file, done, total, progress);
      if (files.size() == 1) {
        return HexFormat.of().formatHex(digest);
      }
      all.update(digest);
      done += Files.size(file);
    }
    return HexFormat.of().formatHex(all.digest());
  }

  static long bytes(List<Path> files) throws IOException {
    long bytes = 0;
    for (Path file : files) {
      bytes += Files.size(file);
    }
    return bytes;
  }

  private static byte[] digest(
      Path file, long before, long total, Consumer<ConvertProgress> progress) throws IOException {
    MessageDigest digest = sha256();
    byte[] chunk = new byte[CHUNK_BYTES];
    long done = before;
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
        progress.accept(new ConvertProgress(STEP, done, total));
        digest.update(chunk, 0, read);
        done += read;
      }
    }
    return digest.digest();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
