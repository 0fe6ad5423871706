package dev.hbar.model.convert;

import dev.hbar.model.io.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** SHA-256 of what is converted, with progress: a large source takes a while to read. */
final class SourceHash {
  private static final String STEP = "hashing the source";

  private SourceHash() {}

  /**
   * The hash in lower-case hexadecimal digits: of a single file its own, of several that of their
   * hashes in the given order.
   */
  static String of(List<Path> files, Consumer<ConvertProgress> progress) throws IOException {
    long total = bytes(files);
    AtomicLong done = new AtomicLong();
    MessageDigest all = Sha256.digest();
    for (Path file : files) {
      byte[] digest =
          Sha256.digest(
              file,
              read -> progress.accept(new ConvertProgress(STEP, done.getAndAdd(read), total)));
      if (files.size() == 1) {
        return HexFormat.of().formatHex(digest);
      }
      all.update(digest);
    }
    return Sha256.hex(all);
  }

  static long bytes(List<Path> files) throws IOException {
    long bytes = 0;
    for (Path file : files) {
      bytes += Files.size(file);
    }
    return bytes;
  }
}
