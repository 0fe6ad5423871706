package dev.hbar.model.convert;

import dev.hbar.mlx.safetensors.SafetensorsWriter;
import dev.hbar.mlx.safetensors.TensorToWrite;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Writes tensors into one file, or into numbered ones with an index above a bound. */
final class ShardWriter {
  private final OutputFolder out;
  private final Map<String, String> notes;

  /**
   * @param notes of every file
   */
  ShardWriter(OutputFolder out, Map<String, String> notes) {
    this.out = out;
    // An order of its own: the same source shall give the same bytes.
    this.notes = new TreeMap<>(notes);
  }

  /**
   * Writes groups of tensors in their order; a group is never divided.
   *
   * @param parameters number of values, for the index
   */
  void write(List<List<TensorToWrite>> groups, long shardBytes, long parameters)
      throws IOException {
    List<List<TensorToWrite>> shards = shards(groups, shardBytes);
    Map<String, String> shardOf = new TreeMap<>();
    for (int i = 0; i < shards.size(); i++) {
      String name =
          shards.size() == 1
              ? "model.safetensors"
              : String.format(Locale.ROOT, "model-%05d-of-%05d.safetensors", i + 1, shards.size());
      SafetensorsWriter.write(out.add(name), notes, shards.get(i));
      shards.get(i).forEach(tensor -> shardOf.put(tensor.name(), name));
    }
    if (shards.size() > 1) {
      Map<String, Object> sizes = new LinkedHashMap<>();
      sizes.put("total_size", shards.stream().mapToLong(ShardWriter::bytes).sum());
      sizes.put("total_parameters", parameters);
      Map<String, Object> index = new LinkedHashMap<>();
      index.put("metadata", sizes);
      index.put("weight_map", shardOf);
      out.addJson("model.safetensors.index.json", index);
    }
  }

  private static List<List<TensorToWrite>> shards(
      List<List<TensorToWrite>> groups, long shardBytes) {
    List<List<TensorToWrite>> shards = new ArrayList<>();
    long filled = 0;
    for (List<TensorToWrite> group : groups) {
      long bytes = bytes(group);
      if (shards.isEmpty() || filled + bytes > shardBytes) {
        shards.add(new ArrayList<>());
        filled = 0;
      }
      shards.getLast().addAll(group);
      filled += bytes;
    }
    return shards;
  }

  static long bytes(List<TensorToWrite> tensors) {
    return tensors.stream().mapToLong(TensorToWrite::byteSize).sum();
  }
}
