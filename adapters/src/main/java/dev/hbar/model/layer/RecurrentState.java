package dev.hbar.model.layer;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxScope;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What a layer carries from one column to the next in arrays of a fixed size [B, ...]: the last
 * inputs of a convolution, a memory. A column cannot be taken back out of it; a shared beginning is
 * copied. Owned by the scope it was made in.
 */
public final class RecurrentState implements LayerState {
  private final MlxScope owner;
  private final MlxArray[] arrays;
  private boolean begun;

  /**
   * One array of the state.
   *
   * @param dtype of its elements
   * @param shape of one row
   */
  public record Part(DType dtype, List<Integer> shape) {
    /** Copies the list. */
    public Part {
      shape = List.copyOf(shape);
    }

    private int[] ofRows(int rows) {
      return IntStream.concat(IntStream.of(rows), shape.stream().mapToInt(size -> size)).toArray();
    }
  }

  private RecurrentState(MlxScope owner, MlxArray[] arrays) {
    this.owner = owner;
    this.arrays = arrays;
  }

  /** Zeros: before the first column. */
  static RecurrentState empty(MlxScope owner, List<Part> parts, int rows) {
    MlxArray[] arrays =
        parts.stream()
            .map(part -> owner.ops().zeros(part.dtype(), part.ofRows(rows)))
            .toArray(MlxArray[]::new);
    return new RecurrentState(owner, arrays);
  }

  /** Row i continues row {@code rows[i]} of {@code sources[i]}, which stay as they are. */
  static RecurrentState stacked(MlxScope owner, List<RecurrentState> sources, int[] rows) {
    int parts = sources.getFirst().arrays.length;
    MlxArray[] arrays = new MlxArray[parts];
    try (MlxScope scope = owner.child("state stack")) {
      for (int part = 0; part < parts; part++) {
        MlxArray[] pieces = new MlxArray[rows.length];
        for (int i = 0; i < rows.length; i++) {
          MlxArray row = scope.ints(new int[] {rows[i]}, 1);
          pieces[i] = scope.ops().take(sources.get(i).arrays[part], row, 0);
        }
        arrays[part] = scope.keep(scope.ops().concatenate(0, pieces));
      }
    }
    RecurrentState stacked = new RecurrentState(owner, arrays);
    stacked.begun = sources.stream().anyMatch(source -> source.begun);
    return stacked;
  }

  /** Saved parts of one row. */
  static RecurrentState restored(
      MlxScope owner, List<Part> parts, String name, Map<String, MlxArray> arrays) {
    MlxArray[] restored = new MlxArray[parts.size()];
    for (int i = 0; i < restored.length; i++) {
      MlxArray array = arrays.get(name + i);
      Part part = parts.get(i);
      if (array == null
          || array.dtype() != part.dtype()
          || !Arrays.equals(array.shape(), part.ofRows(1))) {
        throw new IllegalArgumentException("no state " + name + i);
      }
      restored[i] = array;
    }
    RecurrentState state = new RecurrentState(owner, restored);
    state.begun = true;
    return state;
  }

  /** Whether it holds any column. */
  boolean hasBegun() {
    return begun;
  }

  MlxArray array(int part) {
    return arrays[part];
  }

  @Override
  public Stream<MlxArray> arrays() {
    return Arrays.stream(arrays);
  }

  /**
   * Puts the result of {@code last}, computed in the scope it is given, in the place of a part, and
   * returns it.
   */
  MlxArray replace(int part, Function<MlxScope, MlxArray> last) {
    try (MlxScope scope = owner.child("state")) {
      MlxArray next = scope.keep(last.apply(scope));
      arrays[part].close();
      arrays[part] = next;
      begun = true;
      return next;
    }
  }

  @Override
  public void retain(MlxArray rows) {
    for (int part = 0; part < arrays.length; part++) {
      MlxArray whole = arrays[part];
      owner.eval(replace(part, scope -> scope.ops().take(whole, rows, 0)));
    }
  }

  @Override
  public void close() {
    for (MlxArray array : arrays) {
      array.close();
    }
  }
}
