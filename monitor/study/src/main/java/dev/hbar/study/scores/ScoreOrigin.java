package dev.hbar.study.scores;

import dev.hbar.model.checkpoint.RegularFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Where scores come from.
 *
 * @param file the score file, as it was named
 * @param fileSha256 hash of its content
 * @param checkpoint name of the model
 * @param run its header; a published file has none
 */
public record ScoreOrigin(
    String file, String fileSha256, String checkpoint, Optional<RunHeader> run) {
  /** Of a file of a few MB at most, named as results name it. */
  static ScoreOrigin of(Path file, String name, String checkpoint, Optional<RunHeader> run) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(RegularFile.bytes(file, 1 << 30));
      return new ScoreOrigin(name, HexFormat.of().formatHex(digest), checkpoint, run);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
