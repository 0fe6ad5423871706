package dev.hbar.model.checkpoint;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.ErrorText;
import dev.hbar.mlx.safetensors.SafetensorsHeader;
import dev.hbar.mlx.safetensors.TensorInfo;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The weights of a checkpoint: every tensor name stands for exactly one tensor in one shard.
 *
 * @param shards in the order of their names
 * @param locations by tensor name, shard by shard in the order of the data
 * @param adapter what a fine-tuning changes of them
 * @param note what is odd about the folder, without harm
 * @param shares what this process loads of them
 */
public record WeightFiles(
    List<SafetensorsHeader> shards,
    Map<String, Location> locations,
    Adapter adapter,
    Optional<String> note,
    Shares shares) {
  /** MLX has no kernels for them, or none on a GPU. */
  private static final Set<DType> UNSUPPORTED = EnumSet.of(DType.FLOAT64, DType.COMPLEX64);

  private static final List<String> MATRIX = List.of(".weight", ".scales", ".biases");

  /** Where a tensor lies. */
  public record Location(SafetensorsHeader shard, TensorInfo tensor) {}

  /** Copies the list, wraps the map. */
  public WeightFiles {
    shards = List.copyOf(shards);
    locations = Collections.unmodifiableMap(new LinkedHashMap<>(locations));
  }

  /**
   * The weights in these shards.
   *
   * @throws CheckpointException when two shards hold a tensor of one name, or one has a dtype that
   *     no model computes with
   */
  public static WeightFiles of(List<SafetensorsHeader> shards) {
    Map<String, Location> locations = new LinkedHashMap<>();
    for (SafetensorsHeader shard : shards) {
      for (TensorInfo tensor : shard.tensors().values()) {
        requireSupported(shard, tensor);
        Location earlier = locations.put(tensor.name(), new Location(shard, tensor));
        if (earlier != null) {
          throw new CheckpointException(
              "tensor %s is both in %s and in %s: keep only the shards of one download"
                  .formatted(
                      ErrorText.quoted(tensor.name()), earlier.shard().file(), shard.file()));
        }
      }
    }
    return new WeightFiles(shards, locations, Adapter.NONE, Optional.empty(), Shares.WHOLE);
  }

  WeightFiles noted(String words) {
    return new WeightFiles(shards, locations, adapter, Optional.of(words), shares);
  }

  /** The same, of which this process loads its shares. */
  public WeightFiles shared(Shares own) {
    return new WeightFiles(shards, locations, adapter, note, own);
  }

  /** The name of the file that holds a tensor. */
  String shardOf(String tensor) {
    return locations.get(tensor).shard().file().getFileName().toString();
  }

  /**
   * The tensors of the text model by the names that a plain text checkpoint has: towers for
   * pictures and sound, heads that predict further tokens and buffers that are computed anyway are
   * left out, and so are tensors without a single element.
   */
  public WeightFiles ofTextModel() {
    Map<String, Location> text = new LinkedHashMap<>();
    locations.forEach(
        (name, location) ->
            TextNames.of(name)
                .filter(own -> location.tensor().elements() > 0)
                .ifPresent(own -> text.put(own, location)));
    return new WeightFiles(shards, text, adapter, note, shares);
  }

  /** Without the tensors at this path, which nothing computes with. */
  public WeightFiles without(String path) {
    Map<String, Location> rest = new LinkedHashMap<>(locations);
    rest.keySet().removeIf(name -> name.startsWith(path + "."));
    return new WeightFiles(shards, rest, adapter, note, shares);
  }

  /** Without the matrix of the layer at this path, however it is packed; a bias stays. */
  public WeightFiles withoutMatrix(String path) {
    Map<String, Location> rest = new LinkedHashMap<>(locations);
    MATRIX.forEach(part -> rest.remove(path + part));
    return new WeightFiles(shards, rest, adapter, note, shares);
  }

  /** Names in the shards that no name here stands for, in the order of the data. */
  public List<String> leftOut() {
    Set<String> used = new HashSet<>();
    locations.values().forEach(location -> used.add(location.tensor().name()));
    return shards.stream()
        .flatMap(shard -> shard.tensors().keySet().stream())
        .filter(name -> !used.contains(name))
        .toList();
  }

  private static void requireSupported(SafetensorsHeader shard, TensorInfo tensor) {
    if (UNSUPPORTED.contains(tensor.dtype())) {
      throw CheckpointException.inFile(
          shard.file(),
          "tensor %s has dtype %s, which no model computes with"
              .formatted(ErrorText.quoted(tensor.name()), tensor.dtype().safetensorsName()),
          "convert it to float32 or smaller");
    }
  }

  /** Where the tensor lies; empty when the checkpoint has none of that name. */
  public Optional<Location> find(String tensorName) {
    return Optional.ofNullable(locations.get(tensorName));
  }

  /** All names, shard by shard in the order of the data: the order to read them in. */
  public Set<String> names() {
    return locations.keySet();
  }

  /** Bytes of all tensors as stored. */
  public long byteSize() {
    return shards.stream().mapToLong(SafetensorsHeader::dataSize).sum();
  }
}
