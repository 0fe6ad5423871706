package dev.hbar.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Compares the native libraries with the hashes that set-up wrote beside them. */
final class NativeHashes {
  private static final String LIST = "hbar.sha256";
  private static final int DIGITS = 64;

  private NativeHashes() {}

  /**
   * The names of the files that are gone or not as they were.
   *
   * @param folder of the libraries
   * @throws IOException if there is no list of hashes
   */
  static List<String> changed(Path folder) throws IOException {
    List<String> changed = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve(LIST))) {
      // As sha256sum writes it: the hash, a blank, a blank or a star, the name.
      String name = line.length() > DIGITS + 2 ? line.substring(DIGITS + 2) : "";
      if (name.isEmpty() || !line.startsWith(hash(folder.resolve(name)))) {
        changed.add(name);
      }
    }
    return changed;
  }

  private static String hash(Path file) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
        in.transferTo(OutputStream.nullOutputStream());
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException gone) {
      return "no hash";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
