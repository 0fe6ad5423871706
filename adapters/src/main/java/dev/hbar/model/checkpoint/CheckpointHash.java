package dev.hbar.model.checkpoint;

import dev.hbar.mlx.safetensors.SafetensorsHeader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * One hash over what decides a checkpoint's scores: config, generation config, tokenizer and
 * weights, by their contents in a fixed order. Names and dates of files do not count.
 */
public final class CheckpointHash {
  private static final int BUFFER_BYTES = 1 << 20;
  private static final List<String> SETTINGS =
      List.of("config.json", "generation_config.json", "tokenizer.json");

  private CheckpointHash() {}

  /** SHA-256 in hexadecimal. Reads every byte of the weights. */
  public static String of(CheckpointDirectory directory, WeightFiles weights) {
    List<Path> files = new ArrayList<>();
    SETTINGS.forEach(name -> directory.find(name).ifPresent(files::add));
    weights.shards().stream().map(SafetensorsHeader::file).forEach(files::add);
    files.addAll(Adapter.filesOf(directory));
    MessageDigest all = sha256();
    for (Path file : files) {
      all.update(digest(file));
    }
    return HexFormat.of().formatHex(all.digest());
  }

  private static byte[] digest(Path file) {
    MessageDigest digest = sha256();
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream in = Files.newInputStream(file)) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        digest.update(buffer, 0, count);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file + ": check its permissions", e);
    }
    return digest.digest();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError("every JDK has SHA-256", impossible);
    }
  }
}
