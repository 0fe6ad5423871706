package dev.hbar.mlx;

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
public final class LibraryHashes {
  /** The name of the list, which lies in the folder of the libraries. */
  public static final String LIST = "hbar.sha256";

  private static final String NOTE = "hbar.checked";
  private static final int DIGITS = 64;

  private LibraryHashes() {}

  /**
   * Refuses libraries that are not as set-up wrote them. Where it wrote no list, nothing is
   * refused. Files that were compared once and not touched since are not read again.
   *
   * @param folder of the libraries
   * @throws MlxUnavailableException naming the file that is another one
   */
  public static void requireUnchanged(Path folder) {
    Path list = folder.resolve(LIST);
    if (!Files.exists(list)) {
      return;
    }
    try {
      List<Path> files = new ArrayList<>(List.of(list));
      for (String line : Files.readAllLines(list)) {
        files.add(folder.resolve(name(line)));
      }
      CheckedFiles checked = new CheckedFiles(folder.resolve(NOTE), files);
      if (checked.untouched()) {
        return;
      }
      List<String> changed = changed(folder);
      if (!changed.isEmpty()) {
        throw new MlxUnavailableException(
            folder.resolve(changed.getFirst())
                + " is not the file that set-up wrote (its SHA-256 is another); "
                + Installation.current().remedy());
      }
      checked.write();
    } catch (IOException | IllegalArgumentException e) {
      throw new MlxUnavailableException(
          list + " cannot be read; " + Installation.current().remedy());
    }
  }

  /** The name in a line as sha256sum writes it: the hash, a blank, a blank or a star, the name. */
  public static String name(String line) {
    return line.length() > DIGITS + 2 ? line.substring(DIGITS + 2) : "";
  }

  /**
   * The names of the files that are gone or not as they were.
   *
   * @param folder of the libraries
   * @throws IOException if there is no list of hashes
   */
  public static List<String> changed(Path folder) throws IOException {
    List<String> changed = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve(LIST))) {
      String name = name(line);
      if (name.isEmpty() || !line.startsWith(hash(folder.resolve(name)))) {
        changed.add(name);
      }
    }
    return changed;
  }

  /**
   * The SHA-256 of a file in hexadecimal digits, or a text that is none where it cannot be read.
   */
  public static String hash(Path file) {
    MessageDigest digest = sha256();
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
      in.transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException gone) {
      return "no hash";
    }
  }

  /** The SHA-256 of bytes in hexadecimal digits. */
  public static String hash(byte[] bytes) {
    return HexFormat.of().formatHex(sha256().digest(bytes));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
