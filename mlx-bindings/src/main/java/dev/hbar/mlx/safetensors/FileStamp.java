package dev.hbar.mlx.safetensors;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.Optional;

/**
 * What tells a file from one that was changed or put in its place: size, time and identity.
 *
 * @param size bytes
 * @param modified last modification
 * @param identity device and inode; empty where the file system has none
 */
public record FileStamp(long size, Instant modified, Optional<Object> identity) {
  /** The stamp of {@code file} now, links followed. */
  public static FileStamp of(Path file) throws IOException {
    return of(Files.readAttributes(file, BasicFileAttributes.class));
  }

  static FileStamp of(BasicFileAttributes attributes) {
    return new FileStamp(
        attributes.size(),
        attributes.lastModifiedTime().toInstant(),
        Optional.ofNullable(attributes.fileKey()));
  }
}
