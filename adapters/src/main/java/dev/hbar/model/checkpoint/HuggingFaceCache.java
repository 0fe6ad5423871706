package dev.hbar.model.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The cache folder that Hugging Face tools share, read without network:
 * models--ORG--NAME/{refs,snapshots,blobs}.
 *
 * @param hub the folder that holds the models
 */
public record HuggingFaceCache(Path hub) {
  private static final Pattern VARIABLE = Pattern.compile("\\$(?:(\\w+)|\\{([^}]*)\\})");
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

  /**
   * The path that a variable holds; {@code ~} is the user's folder, and {@code $NAME} or {@code
   * ${NAME}} another variable, as in Python. Empty when it has none.
   */
  public static Optional<Path> folder(Map<String, String> environment, String variable) {
    String value = environment.getOrDefault(variable, "");
    if (value.isBlank()) {
      return Optional.empty();
    }
    boolean inHome = value.equals("~") || value.startsWith("~/");
    String full = inHome ? userHome(environment) + value.substring(1) : value;
    return Optional.of(
        Path.of(VARIABLE.matcher(full).replaceAll(found -> named(environment, found))));
  }

  /** What is not set stays as it is written. */
  private static String named(Map<String, String> environment, MatchResult found) {
    String name = found.group(1) == null ? found.group(2) : found.group(1);
    return Matcher.quoteReplacement(environment.getOrDefault(name, found.group()));
  }

  private static String userHome(Map<String, String> environment) {
    return environment.getOrDefault("HOME", System.getProperty("user.home"));
  }

  /**
   * The folder of one revision of a model.
   *
   * @throws CheckpointException when the model or the revision is not in the cache
   */
  public Path snapshot(HuggingFaceName name) {
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

  /**
   * The models whose main revision is here with its config and weights, by name.
   *
   * @return ORG/NAME, in the order of the alphabet; none if there is no cache
   */
  public List<String> models() {
    if (!Files.isDirectory(hub)) {
      return List.of();
    }
    try (Stream<Path> folders = Files.list(hub)) {
      return folders
          .map(folder -> folder.getFileName().toString())
          .filter(name -> name.matches("models--[^-].*?--.+"))
          .map(name -> name.substring("models--".length()).replaceFirst("--", "/"))
          .filter(this::isWhole)
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new CheckpointException("cannot read " + hub + ": check its permissions", e);
    }
  }

  private boolean isWhole(String model) {
    Path folder = hub.resolve("models--" + model.replace("/", "--"));
    try {
      Optional<String> commit = commit(folder.resolve("refs").resolve("main"));
      if (commit.isEmpty() || !hasConfig(folder.resolve("snapshots").resolve(commit.get()))) {
        return false;
      }
      try (Stream<Path> files = Files.list(folder.resolve("snapshots").resolve(commit.get()))) {
        return files.anyMatch(file -> file.toString().endsWith(".safetensors"));
      }
    } catch (IOException | CheckpointException e) {
      return false;
    }
  }

  private static boolean hasConfig(Path snapshot) {
    return Files.exists(snapshot.resolve("config.json"))
        && Files.exists(snapshot.resolve("tokenizer.json"));
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
