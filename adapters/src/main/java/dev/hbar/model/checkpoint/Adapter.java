package dev.hbar.model.checkpoint;

import dev.hbar.mlx.ErrorText;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxScope;
import dev.hbar.mlx.safetensors.SafetensorsHeader;
import dev.hbar.mlx.safetensors.SafetensorsLoader;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a fine-tuning adapter changes of a checkpoint: weights that get a low-rank sum on top (LoRA,
 * DoRA), and weights that it has anew. Names are those of a text checkpoint.
 *
 * <p>The sum is formed once, when a weight is loaded: a step computes nothing more, and a packed
 * weight that is adapted is held unpacked.
 */
public final class Adapter {
  /** A checkpoint as it is. */
  public static final Adapter NONE = new Adapter(Map.of(), Map.of());

  // In the order of their names, so that of several faults the same one is told in every run.
  private final SortedMap<String, LowRank> sums;
  private final SortedMap<String, WeightFiles.Location> anew;

  Adapter(Map<String, LowRank> sums, Map<String, WeightFiles.Location> anew) {
    this.sums = Collections.unmodifiableSortedMap(new TreeMap<>(sums));
    this.anew = Collections.unmodifiableSortedMap(new TreeMap<>(anew));
  }

  /** The paths of the weights that get something on top, without {@code .weight}. */
  public Set<String> paths() {
    return sums.keySet();
  }

  /**
   * A weight with what the adapter puts on top.
   *
   * @param path of the weight, one of {@link #paths}
   * @param weight its values, float32
   * @return float32, not evaluated, of {@code scope}
   */
  public MlxArray onTop(MlxScope scope, String path, MlxArray weight) {
    return sums.get(path).onTop(scope, path + ".weight", weight);
  }

  /**
   * These weights with those that the adapter has anew in place of the old ones.
   *
   * @throws CheckpointException when the adapter is for a weight that does not exist
   */
  public WeightFiles applied(WeightFiles base) {
    SortedMap<String, WeightFiles.Location> all = new TreeMap<>(anew);
    Map<String, WeightFiles.Location> locations = new LinkedHashMap<>();
    base.locations()
        .forEach(
            (name, location) -> {
              WeightFiles.Location own = all.remove(name);
              if (own != null) {
                locations.put(name, own);
              } else if (!isPackingOfReplaced(name)) {
                locations.put(name, location);
              }
            });
    all.forEach((name, location) -> refuse(name, location.shard()));
    sums.forEach(
        (path, sum) -> {
          if (!locations.containsKey(path + ".weight")) {
            refuse(path + ".weight", sum.file());
          }
        });
    return new WeightFiles(base.shards(), locations, this, base.note(), base.shares());
  }

  /** Scales belong to the codes that are gone. */
  private boolean isPackingOfReplaced(String name) {
    String path = name.replaceFirst("\\.(scales|biases)$", "");
    return !path.equals(name) && anew.containsKey(path + ".weight");
  }

  private static void refuse(String name, SafetensorsHeader file) {
    throw CheckpointException.inFile(
        file.file(),
        "the adapter changes %s, which the checkpoint does not have"
            .formatted(ErrorText.quoted(name)),
        "use the adapter with the model that it was trained on");
  }

  /** The adapter that stands beside a checkpoint, or none. Only headers are read. */
  public static Adapter of(CheckpointDirectory checkpoint) {
    return checkpoint.adapter().map(AdapterReader::read).orElse(NONE);
  }

  /** The files of that adapter, for a hash. */
  public static List<Path> filesOf(CheckpointDirectory checkpoint) {
    return checkpoint.adapter().map(AdapterReader::files).orElse(List.of());
  }

  /** The tensors that the adapter has anew, by their names in its file, owned by {@code scope}. */
  Map<String, MlxArray> load(MlxScope scope) {
    Map<String, MlxArray> loaded = new HashMap<>();
    for (WeightFiles.Location own : anew.values()) {
      loaded.putAll(SafetensorsLoader.load(scope, own.shard(), List.of(own.tensor().name())));
    }
    return loaded;
  }

  /**
   * The base that an adapter's folder names; empty when the folder is not that of an adapter.
   *
   * @throws CheckpointException when it names none
   */
  static Optional<String> baseOf(CheckpointDirectory folder) {
    return AdapterReader.config(folder)
        .map(
            config ->
                config
                    .text("model")
                    .or(() -> config.text("base_model_name_or_path"))
                    .orElseThrow(
                        () ->
                            config.fault(
                                "model",
                                "names no base: name a checkpoint, and this folder as its --adapter")));
  }
}
