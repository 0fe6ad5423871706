package dev.hbar.model.checkpoint;

import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxScope;
import dev.hbar.mlx.safetensors.SafetensorsHeader;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * The tensors of a checkpoint that nobody has asked for yet, by name, with the files they came
 * from. They live in a loading scope of their own. Owner thread.
 */
final class TensorPool implements AutoCloseable {
  private static final List<String> SUFFIXES = List.of(".weight", ".scales", ".biases", ".bias");

  private final MlxScope loading;
  private final Map<String, MlxArray> tensors = new LinkedHashMap<>();
  private final Map<String, String> fileOf = new LinkedHashMap<>();
  private final Map<String, String> storedIn = new HashMap<>();

  /** Loads what is wanted of the shards and an adapter; the scope is closed with the pool. */
  TensorPool(MlxScope loading, WeightFiles files) {
    this.loading = loading;
    Map<String, MlxArray> stored = new HashMap<>();
    for (SafetensorsHeader shard : files.shards()) {
      stored.putAll(files.shares().load(loading, shard, names(files, shard)));
    }
    stored.putAll(files.adapter().load(loading));
    files.locations().forEach((name, location) -> add(name, location, stored));
    stored.values().forEach(MlxArray::close);
  }

  /** What is wanted of a shard: names there, and what they are called here. */
  private static Map<String, String> names(WeightFiles files, SafetensorsHeader shard) {
    Map<String, String> names = new LinkedHashMap<>();
    files
        .locations()
        .forEach(
            (name, location) -> {
              if (location.shard().file().equals(shard.file())) {
                names.put(location.tensor().name(), name);
              }
            });
    return names;
  }

  private void add(String name, WeightFiles.Location location, Map<String, MlxArray> stored) {
    String given = location.tensor().name();
    tensors.put(name, stored.remove(given));
    fileOf.put(name, location.shard().file().toString());
    if (name.endsWith(".scales")) {
      storedIn.put(path(name), path(given));
    }
  }

  private static String path(String name) {
    return name.substring(0, name.lastIndexOf('.'));
  }

  boolean has(String name) {
    return tensors.containsKey(name);
  }

  /** The tensors that are left. */
  Map<String, MlxArray> left() {
    return tensors;
  }

  /** The tensor of that name, which now is the caller's. */
  MlxArray take(String name) {
    MlxArray tensor = tensors.remove(name);
    if (tensor == null) {
      throw WeightFaults.missing(name, fileOf.values());
    }
    return tensor;
  }

  /** Puts a tensor of the loading scope under a name, as if it came from the file of another. */
  void put(String name, MlxArray tensor, String fileLike) {
    tensors.put(name, tensor);
    fileOf.put(name, fileOf.get(fileLike));
  }

  /** The file that a tensor came from. */
  String file(String name) {
    return fileOf.get(name);
  }

  /** The path that config.json knows a layer's packing by. */
  String storedPath(String path) {
    return storedIn.getOrDefault(path, path);
  }

  /** See {@link WeightStore#split}. */
  void split(String path, List<String> parts, int... rows) {
    int all = Arrays.stream(rows).sum();
    for (String suffix : present(path)) {
      String name = path + suffix;
      rearrange(
          name,
          parts.stream().map(part -> part + suffix).toList(),
          (scope, whole) -> {
            requireRows(name, whole, all);
            return slices(scope, whole, rows);
          });
    }
    String from = storedPath(path);
    parts.forEach(part -> storedIn.put(part, from));
  }

  private static List<MlxArray> slices(MlxScope scope, MlxArray whole, int... rows) {
    int[] stop = whole.shape();
    int[] start = new int[stop.length];
    MlxArray[] parts = new MlxArray[rows.length];
    for (int i = 0; i < rows.length; i++) {
      stop[0] = start[0] + rows[i];
      parts[i] = scope.ops().slice(whole, start, stop);
      start[0] = stop[0];
    }
    return List.of(parts);
  }

  /** See {@link WeightStore#deal}. */
  void deal(String path, List<String> parts, List<int[]> rows) {
    int all = rows.stream().mapToInt(part -> part.length).sum();
    for (String suffix : present(path)) {
      String name = path + suffix;
      rearrange(
          name,
          parts.stream().map(part -> part + suffix).toList(),
          (scope, whole) -> {
            requireRows(name, whole, all);
            return rows.stream()
                .map(part -> scope.ops().take(whole, scope.ints(part, part.length), 0))
                .toList();
          });
    }
    String from = storedPath(path);
    parts.forEach(part -> storedIn.put(part, from));
  }

  /** Which tensors a layer has; the weight is wanted in any case. */
  private List<String> present(String path) {
    return SUFFIXES.stream()
        .filter(suffix -> suffix.equals(".weight") || has(path + suffix))
        .toList();
  }

  private void requireRows(String name, MlxArray whole, int rows) {
    int[] shape = whole.shape();
    if (shape.length == 0 || shape[0] != rows) {
      throw WeightFaults.rows(name, file(name), shape, rows);
    }
  }

  /** See {@link WeightStore#rearrange}. */
  void rearrange(
      String name, List<String> into, BiFunction<MlxScope, MlxArray, List<MlxArray>> change) {
    MlxArray whole = take(name);
    try (MlxScope scope = loading.child("rearranged")) {
      List<MlxArray> made = change.apply(scope, whole);
      for (int i = 0; i < into.size(); i++) {
        loading.eval(made.get(i));
        put(into.get(i), made.get(i) == whole ? whole : scope.keep(made.get(i)), name);
      }
      if (!made.contains(whole)) {
        whole.close();
      }
    }
  }

  /** See {@link WeightStore#stack}. */
  void stack(List<String> parts, String path) {
    String first = parts.getFirst();
    for (String suffix : SUFFIXES) {
      if (has(first + suffix)) {
        MlxArray[] each = parts.stream().map(part -> take(part + suffix)).toArray(MlxArray[]::new);
        MlxArray stacked = loading.ops().stack(0, each);
        loading.eval(stacked);
        Arrays.stream(each).forEach(MlxArray::close);
        put(path + suffix, stacked, first + suffix);
      }
    }
    storedIn.put(path, storedPath(first));
  }

  /** See {@link WeightStore#leave}. */
  void leave(String path) {
    present(path).stream()
        .map(suffix -> path + suffix)
        .filter(this::has)
        .forEach(name -> take(name).close());
  }

  /** See {@link WeightStore#requireAllConsumed}. */
  void requireEmpty() {
    if (!tensors.isEmpty()) {
      throw WeightFaults.leftOver(tensors.keySet(), fileOf.values());
    }
  }

  @Override
  public void close() {
    loading.close();
  }
}
