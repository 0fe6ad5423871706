package dev.hbar.model.checkpoint;

import dev.hbar.mlx.ErrorText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * model.safetensors.index.json: which tensor lies in which shard.
 *
 * @param file the index itself, for messages
 * @param shardOf shard file name by tensor name
 */
record ShardIndex(Path file, Map<String, String> shardOf) {
  private static final String WAY_OUT = "download the checkpoint again";
  private static final Pattern PLAIN_NAME =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9._ +=-]*\\.safetensors");

  static ShardIndex of(JsonFields index) {
    JsonFields map = index.object("weight_map").orElseThrow(() -> index.missing("weight_map"));
    Map<String, String> shardOf = new TreeMap<>();
    for (String tensor : map.names()) {
      String shard = map.text(tensor).orElseThrow(() -> map.missing(tensor));
      // A path could reach any file of the machine.
      if (!PLAIN_NAME.matcher(shard).matches()) {
        throw map.fault(
            tensor,
            "must be the name of a safetensors file in the same folder, found "
                + ErrorText.quoted(shard));
      }
      shardOf.put(tensor, shard);
    }
    if (shardOf.isEmpty()) {
      throw index.fault("weight_map", "names no tensor");
    }
    return new ShardIndex(index.file(), shardOf);
  }

  /** Whether it is of another set of files: none that it names is here. */
  boolean isStale() {
    return shardOf.values().stream().distinct().noneMatch(this::isBeside);
  }

  /** The shards to read, sorted; refuses a set that is not the one in the folder. */
  List<String> shardNames(List<String> present) {
    TreeSet<String> named = new TreeSet<>(shardOf.values());
    TreeSet<String> absent = new TreeSet<>(named);
    present.forEach(absent::remove);
    for (String name : absent) {
      if (!isBeside(name)) {
        throw fault("it names shard " + name + ", which is missing", WAY_OUT);
      }
    }
    TreeSet<String> strays = new TreeSet<>(present);
    strays.removeAll(named);
    if (!strays.isEmpty()) {
      throw fault(
          "weight file " + strays.first() + " in the folder is not named by it",
          "remove the file if it is of another revision, or download the checkpoint again");
    }
    return List.copyOf(named);
  }

  private boolean isBeside(String name) {
    return Files.exists(file.resolveSibling(name));
  }

  /**
   * Whether every tensor of the index lies in its shard, and every tensor of a shard in the index.
   */
  boolean agrees(WeightFiles weights) {
    return shardOf.keySet().equals(weights.names())
        && shardOf.entrySet().stream()
            .allMatch(entry -> weights.shardOf(entry.getKey()).equals(entry.getValue()));
  }

  private CheckpointException fault(String what, String wayOut) {
    return CheckpointException.inFile(file, "index and shards disagree: " + what, wayOut);
  }
}
