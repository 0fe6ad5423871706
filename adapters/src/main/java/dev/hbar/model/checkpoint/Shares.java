package dev.hbar.model.checkpoint;

import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxScope;
import dev.hbar.mlx.safetensors.SafetensorsHeader;
import dev.hbar.mlx.safetensors.SafetensorsLoader;
import dev.hbar.mlx.safetensors.TensorInfo;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What one of several processes loads of a checkpoint: equal parts of some layers, other tensors
 * whole. A whole layer is in memory only while its part is cut out of it.
 *
 * @param rank of this process, from 0
 * @param ranks number of processes
 * @param cuts by the path of a layer
 */
public record Shares(int rank, int ranks, Map<String, Cut> cuts) {
  /** One process loads everything. */
  public static final Shares WHOLE = new Shares(0, 1, Map.of());

  /** Copies the map. */
  public Shares {
    cuts = Map.copyOf(cuts);
  }

  /** How a layer [out, in], or a stack of such layers, is cut. */
  public sealed interface Cut {
    /**
     * By output features; each process has a part of each section.
     *
     * @param sections output features of what the matrix holds one below the other
     */
    record Rows(List<Integer> sections) implements Cut {
      /** Copies the list. */
      public Rows {
        sections = List.copyOf(sections);
      }
    }

    /** By input features. The answers of all processes add up, so the first one adds the bias. */
    record Columns() implements Cut {}
  }

  /** How the tensor of that name is cut, if it is. */
  Optional<Cut> cut(String name) {
    int dot = name.lastIndexOf('.');
    return Optional.ofNullable(dot < 0 ? null : cuts.get(name.substring(0, dot)));
  }

  /** In how many parts the tensor of that name is cut. */
  int partsOf(String name) {
    boolean whole =
        cut(name).isEmpty() || cut(name).get() instanceof Cut.Columns && name.endsWith(".bias");
    return whole ? 1 : ranks;
  }

  /**
   * Loads the tensors of a file.
   *
   * @param wanted their names there, and what they are called here
   * @throws CheckpointException naming a tensor that cannot be cut into equal parts
   */
  Map<String, MlxArray> load(MlxScope scope, SafetensorsHeader file, Map<String, String> wanted) {
    Map<String, Cut> parts = new LinkedHashMap<>();
    wanted.forEach((stored, name) -> cut(name).ifPresent(cut -> parts.put(stored, cut)));
    Set<String> whole = new LinkedHashSet<>(wanted.keySet());
    whole.removeAll(parts.keySet());
    Map<String, MlxArray> loaded = new HashMap<>(SafetensorsLoader.load(scope, file, whole));
    parts.forEach((stored, cut) -> loaded.put(stored, part(scope, file, stored, cut)));
    return loaded;
  }

  private MlxArray part(MlxScope scope, SafetensorsHeader file, String name, Cut cut) {
    TensorInfo info = file.tensors().get(name);
    try (MlxScope step = scope.child("part")) {
      MlxArray whole = SafetensorsLoader.load(step, file, List.of(name)).get(name);
      MlxArray part =
          switch (cut) {
            case Cut.Rows rows -> rows(step, file, info, whole, rows.sections());
            case Cut.Columns columns when name.endsWith(".bias") -> bias(step, whole);
            case Cut.Columns columns ->
                slice(step, whole, whole.shape().length - 1, 0, equal(file, info, whole.dim(-1)));
          };
      MlxArray own = step.ops().contiguous(part);
      step.eval(own);
      return step.keep(own);
    }
  }

  private MlxArray bias(MlxScope scope, MlxArray whole) {
    return rank == 0 ? whole : scope.ops().multiply(whole, scope.scalar(0f, whole.dtype()));
  }

  /** Layers of a stack and their scales have one more axis than a bias or a vector. */
  private MlxArray rows(
      MlxScope scope,
      SafetensorsHeader file,
      TensorInfo info,
      MlxArray whole,
      List<Integer> sections) {
    int axis = info.name().endsWith(".bias") ? whole.shape().length - 1 : whole.shape().length - 2;
    if (axis < 0) {
      throw unequal(file, info, "is no matrix");
    }
    int all = sections.stream().mapToInt(Integer::intValue).sum();
    if (all != whole.dim(axis)) {
      throw unequal(file, info, "has %s rows, not %s".formatted(whole.dim(axis), all));
    }
    MlxArray[] parts = new MlxArray[sections.size()];
    int start = 0;
    for (int i = 0; i < parts.length; i++) {
      parts[i] = slice(scope, whole, axis, start, equal(file, info, sections.get(i)));
      start += sections.get(i);
    }
    return parts.length == 1 ? parts[0] : scope.ops().concatenate(axis, parts);
  }

  /** This process's one of the parts of {@code size} from {@code start} on. */
  private MlxArray slice(MlxScope scope, MlxArray whole, int axis, int start, int size) {
    int[] from = new int[whole.shape().length];
    int[] to = whole.shape();
    from[axis] = start + rank * size;
    to[axis] = from[axis] + size;
    return scope.ops().slice(whole, from, to);
  }

  private int equal(SafetensorsHeader file, TensorInfo info, int size) {
    if (size % ranks != 0) {
      String unit = info.name().endsWith(".scales") ? "groups of a packed matrix" : "features";
      throw unequal(file, info, "has %s %s".formatted(size, unit));
    }
    return size / ranks;
  }

  private CheckpointException unequal(SafetensorsHeader file, TensorInfo info, String what) {
    return CheckpointException.inFile(
        file.file(),
        "tensor %s %s, which %s ranks cannot share".formatted(info.name(), what, ranks),
        "start another number of ranks");
  }
}
