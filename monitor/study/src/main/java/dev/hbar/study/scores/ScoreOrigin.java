package dev.hbar.study.scores;

import dev.hbar.model.checkpoint.RegularFile;
import dev.hbar.model.io.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
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
      String sha256 = Sha256.hex(RegularFile.bytes(file, 1 << 30));
      return new ScoreOrigin(name, sha256, checkpoint, run);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
