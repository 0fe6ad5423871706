package dev.hbar.model.checkpoint;

import dev.hbar.mlx.safetensors.SafetensorsHeader;
import dev.hbar.mlx.safetensors.SafetensorsHeaderReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the weight files of a checkpoint and reads their headers: what the index names, or
 * model*.safetensors where there is no index. Other files beside them are ignored.
 */
public final class WeightFilesReader {
  private static final String INDEX = "model.safetensors.index.json";
  private static final Pattern WEIGHTS = Pattern.compile("model.*\\.safetensors");
  private static final Pattern NUMBERED =
      Pattern.compile("(model.*)-(\\d{5})-of-(\\d{5})\\.safetensors");

  private WeightFilesReader() {}

  /**
   * The weights of {@code directory}. Only headers are read.
   *
   * @throws CheckpointException when files are missing or index and shards disagree
   * @throws dev.hbar.mlx.MlxFileException when a shard is damaged
   */
  public static WeightFiles read(CheckpointDirectory directory) {
    List<String> present =
        directory.entries().stream().filter(name -> WEIGHTS.matcher(name).matches()).toList();
    Optional<ShardIndex> index =
        directory.find(INDEX).map(file -> ShardIndex.of(JsonFile.read(file, JsonFile.INDEX_BYTES)));
    boolean stale = !present.isEmpty() && index.stream().anyMatch(ShardIndex::isStale);
    List<String> names = index.filter(i -> !stale).map(i -> i.shardNames(present)).orElse(present);
    if (names.isEmpty()) {
      throw new CheckpointException(
          "no model*.safetensors, in %s: download or convert the checkpoint again"
              .formatted(directory.path()));
    }
    requireWholeSet(directory, names);
    WeightFiles weights = WeightFiles.of(headers(directory, names));
    return index.stream().allMatch(i -> i.agrees(weights))
        ? weights
        : weights.noted(INDEX + " is of another set of files, it is left aside");
  }

  private static List<SafetensorsHeader> headers(
      CheckpointDirectory directory, List<String> names) {
    List<SafetensorsHeader> headers = new ArrayList<>();
    for (String name : names) {
      headers.add(SafetensorsHeaderReader.read(directory.require(name)));
    }
    return headers;
  }

  /** Of shard 2 of 3, the names alone tell that 1 and 3 belong to it. */
  private static void requireWholeSet(CheckpointDirectory directory, List<String> names) {
    TreeSet<String> wanted = new TreeSet<>();
    for (String name : names) {
      Matcher numbered = NUMBERED.matcher(name);
      if (numbered.matches()) {
        for (int i = 1; i <= Integer.parseInt(numbered.group(3)); i++) {
          wanted.add(
              String.format(
                  Locale.ROOT,
                  "%s-%05d-of-%s.safetensors",
                  numbered.group(1),
                  i,
                  numbered.group(3)));
        }
      }
    }
    names.forEach(wanted::remove);
    if (!wanted.isEmpty()) {
      throw new CheckpointException(
          "shard %s is missing (and %s more), in %s: download the checkpoint again"
              .formatted(wanted.first(), wanted.size() - 1, directory.path()));
    }
  }
}
