package dev.hbar.model.hub;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * A file of the {@link HubServer}: what is listed and what is sent, which a fault may set apart.
 *
 * @param path listed name
 * @param isLarge whether it is listed with a sha256 and lies on the storage port
 * @param listedHash sha256 or git's hash
 * @param listedSize bytes
 * @param sent what is really sent
 */
public record ServedFile(
    String path, boolean isLarge, String listedHash, long listedSize, byte[] sent) {
  static ServedFile small(String path, byte[] content) {
    byte[] header = ("blob " + content.length + "\0").getBytes(StandardCharsets.US_ASCII);
    return new ServedFile(path, false, hash("SHA-1", header, content), content.length, content);
  }

  static ServedFile large(String path, byte[] content) {
    return new ServedFile(path, true, hash("SHA-256", content), content.length, content);
  }

  /** The same listing, another content. */
  ServedFile sending(byte[] other) {
    return new ServedFile(path, isLarge, listedHash, listedSize, other);
  }

  /** The etag of the bytes, which is not the listed hash on the storage port. */
  String etag() {
    return isLarge ? hash("MD5", sent) : listedHash;
  }

  String json() {
    String name = path.replace("\\", "\\\\").replace("\"", "\\\"");
    return isLarge
        ? """
          {"type":"file","oid":"%s","size":%d,"path":"%s","lfs":{"oid":"%s","size":%d,"pointerSize":135}}"""
            .formatted("f".repeat(40), listedSize, name, listedHash, listedSize)
        : """
          {"type":"file","oid":"%s","size":%d,"path":"%s"}"""
            .formatted(listedHash, listedSize, name);
  }

  private static String hash(String algorithm, byte[]... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance(algorithm);
      for (byte[] part : parts) {
        digest.update(part);
      }
      return HubServer.hex(digest.digest());
    } catch (NoSuchAlgorithmException missing) {
      throw new AssertionError(missing);
    }
  }
}
