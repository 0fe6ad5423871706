package dev.hbar.model.hub;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * What a file's content hashes to, which is also its name in the cache.
 *
 * @param kind how it is computed
 * @param hex lower case
 */
record BlobId(Kind kind, String hex) {
  /** Large files go by their sha256, all others by git's own hash. */
  enum Kind {
    SHA256("SHA-256", 64),
    GIT("SHA-1", 40);

    private final String algorithm;
    private final Pattern form;

    Kind(String algorithm, int digits) {
      this.algorithm = algorithm;
      this.form = Pattern.compile("[0-9a-f]{" + digits + "}");
    }
  }

  BlobId {
    if (!kind.form.matcher(hex).matches()) {
      throw new IllegalArgumentException("no " + kind.algorithm + " in hex");
    }
  }

  /** The digest of a content of {@code size} bytes, none of which it has seen yet. */
  MessageDigest digest(long size) {
    try {
      MessageDigest digest = MessageDigest.getInstance(kind.algorithm);
      if (kind == Kind.GIT) {
        // git hashes a header before the content.
        digest.update("blob %s\0".formatted(size).getBytes(StandardCharsets.US_ASCII));
      }
      return digest;
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("every JDK has " + kind.algorithm, missing);
    }
  }

  boolean isOf(MessageDigest complete) {
    return HexFormat.of().formatHex(complete.digest()).equals(hex);
  }
}
