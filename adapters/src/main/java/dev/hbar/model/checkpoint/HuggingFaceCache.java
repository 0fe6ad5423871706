package dev.hbar.model.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The cache folder that Hugging Face tools share, read without network:
 * models--ORG--NAME/{refs,snapshots,blobs}.
 *
 * @param hub the folder that holds the models
 */
public record HuggingFaceCache(Path hub) {
  private static final Pattern COMMIT = Pattern.compile("[0-9A-Za-z][0-9A-Za-z._-]{0,99}");

  /** By the rules of huggingface_hub: HF_HUB_CACHE, HF_HOME, XDG_CACHE_HOME, then ~/.cache. */
  public static HuggingFaceCache of(Map<String, String> environment) {
    return new HuggingFaceCache(
        folder(environment, "HF_HUB_CACHE")
            .or(() -> folder(environment, "HUGGINGFACE_HUB_CACHE"))
            .orElseGet(() -> home(environment).resolve("hub")));
  }

  /** The folder that holds the cache and the token, unless they are named one by one. */
  public static Path home(Map<String, String> environment) {
    return folder(environment, "HF_HOME")
        .orElseGet(
            () ->
                folder(environment, "XDG_CACHE_HOME")
                    .orElseGet(() -> Path.of(userHome(environment), ".cache"))
                    .resolve("huggingface"));
  }

  /** The path that a variable holds, {@code ~} being the user's folder; empty when it has none. */
  public static Optional<Path> folder(Map<String, String> environment, String variable) {
    String value = environment.getOrDefault(variable, "");
    if (value.isBlank()) {
      return Optional.empty();
    }
    boolean inHome = value.equals("~") || value.startsWith("~/");
    return Optional.of(Path.of(inHome ? userHome(environment) + value.substring(1) : value));
  }

  private static String userHome(Map<String, String> environment) {
    return environment.getOrDefault("HOME", System.getProperty("user.home"));
  }

  /**
   * The folder of one revision of a model.
   *
   * @throws CheckpointException when the model or the revision is not in the cache
   */
  Path snapshot(HuggingFaceName name) {
    Path model = hub.resolve(name.folderName());
    if (!Files.isDirectory(model)) {
      throw CheckpointException.badArgument(
          "not a model directory: %s is neither a folder nor in the cache %s: run hbar pull %s"
              .formatted(name, hub, name));
    }
    String commit = commit(model.resolve("refs").resolve(name.revision())).orElse(name.revision());
    Path snapshot = model.resolve("snapshots").resolve(commit);
    if (!Files.isDirectory(snapshot)) {
      throw CheckpointException.badArgument(
          "revision %s of %s is not in the cache %s: run hbar pull %s@%s"
              .formatted(name.revision(), name, hub, name, name.revision()));
    }
    return snapshot;
  }

  private static Optional<String> commit(Path ref) {
    if (!Files.isRegularFile(ref)) {
      return Optional.empty();
    }
    try (InputStream in = Files.newInputStream(ref)) {
      String text = new String(in.readNBytes(200), StandardCharsets.UTF_8).strip();
      if (!COMMIT.matcher(text).matches() || text.contains("..")) {
        throw CheckpointException.inFile(ref, "no commit", "download the checkpoint again");
      }
      return Optional.of(text);
    } catch (IOException e) {
      throw new CheckpointException("cannot read " + ref + ": check its permissions", e);
    }
  }
}
