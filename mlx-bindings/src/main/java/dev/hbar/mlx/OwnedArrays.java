package dev.hbar.mlx;

import java.util.ArrayList;
import java.util.List;

/** The arrays that a scope owns, and for a while those that were closed or moved since. */
final class OwnedArrays {
  private static final int FIRST_COMPACTION = 256;

  /** Arrays of a decoder block, whose scopes come and go most often. */
  private static final int USUAL_ARRAYS = 32;

  private final MlxScope owner;
  private final List<MlxArray> arrays = new ArrayList<>(USUAL_ARRAYS);
  private int compactAt = FIRST_COMPACTION;

  OwnedArrays(MlxScope owner) {
    this.owner = owner;
  }

  void add(MlxArray array) {
    if (arrays.size() >= compactAt) {
      arrays.removeIf(a -> a.isClosed() || a.owner() != owner);
      compactAt = Math.max(FIRST_COMPACTION, 2 * arrays.size());
    }
    arrays.add(array);
  }

  /** Frees them, the last one first. */
  void release(Releases releases) {
    for (int i = arrays.size() - 1; i >= 0; i--) {
      MlxArray array = arrays.get(i);
      if (array.owner() == owner) {
        releases.close(array);
      }
    }
    arrays.clear();
  }
}
