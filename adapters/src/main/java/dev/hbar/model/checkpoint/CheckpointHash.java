package dev.hbar.model.checkpoint;

import dev.hbar.mlx.safetensors.SafetensorsHeader;
import dev.hbar.model.io.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;

/**
 * One hash over what decides a checkpoint's scores: config, generation config, tokenizer and
 * weights, by their contents in a fixed order. Names and dates of files do not count.
 */
public final class CheckpointHash {
  private static final List<String> SETTINGS =
      List.of("config.json", "generation_config.json", "tokenizer.json");

  private CheckpointHash() {}

  /** SHA-256 in hexadecimal. Reads every byte of the weights. */
  public static String of(CheckpointDirectory directory, WeightFiles weights) {
    List<Path> files = new ArrayList<>();
    SETTINGS.forEach(name -> directory.find(name).ifPresent(files::add));
    if (directory.find("tokenizer.json").isEmpty()) {
      directory
          .find("tekken.json")
          .or(() -> directory.find("tokenizer.model"))
          .ifPresent(files::add);
    }
    weights.shards().stream().map(SafetensorsHeader::file).forEach(files::add);
    files.addAll(Adapter.filesOf(directory));
    MessageDigest all = Sha256.digest();
    for (Path file : files) {
      all.update(digest(file));
    }
    return Sha256.hex(all);
  }

  private static byte[] digest(Path file) {
    try {
      return Sha256.digest(file, read -> {});
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file + ": check its permissions", e);
    }
  }
}
