package dev.hbar.study.scores;

import dev.hbar.model.checkpoint.RegularFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The SHA-256 of a result or score file: a few MB at most. */
final class FileHash {
  private FileHash() {}

  static String of(Path file) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(RegularFile.bytes(file, 1 << 30));
      return HexFormat.of().formatHex(digest);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
