package dev.hbar.model.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.Mlx;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxMemory;
import dev.hbar.mlx.MlxScope;
import dev.hbar.mlx.NativeTest;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Caches that are stacked keep what they hold, and those that are moved hold it once. */
@NativeTest
final class KvCacheTest {
  private static final int HEADS = 2;
  private static final int DIM = 64;
  private static final StateKind ALL =
      new StateKind.KeysAndValues(HEADS, DIM, DIM, OptionalInt.empty());
  private static final StateKind WINDOW =
      new StateKind.KeysAndValues(HEADS, DIM, DIM, OptionalInt.of(4));
  private static final List<StateKind> KINDS = List.of(ALL, StateKind.NOTHING, WINDOW, ALL);
  private static final int[] KEYED = {0, 2, 3};

  @Test
  void movedRows_areThoseThatStackWouldCopy() {
    try (MlxScope run = MlxScope.open("run")) {
      KvCache pair = filled(run, KINDS, 2, 5, 1);
      KvCache single = filled(run, KINDS, 1, 3, 100);
      List<KvCache> sources = List.of(single, pair, pair);
      int[] rows = {0, 1, 0};
      KvCache copied = KvCache.stack(run, sources, rows);
      long before = Mlx.liveArrays();
      KvCache moved = KvCache.moved(run, sources, rows, 7);
      assertEquals(before - 2L * KEYED.length, Mlx.liveArrays(), "two sources gone for one cache");
      assertEquals(copied.columns(), moved.columns());
      for (int row = 0; row < rows.length; row++) {
        assertEquals(copied.tokens(row), moved.tokens(row), "row " + row);
      }
      try (MlxScope step = run.child("step")) {
        for (int layer : KEYED) {
          assertArrayEquals(
              copied.view(step, layer).keys().toFloats(),
              moved.view(step, layer).keys().toFloats());
          assertArrayEquals(
              copied.view(step, layer).values().toFloats(),
              moved.view(step, layer).values().toFloats());
        }
      }
    }
  }

  /** 60 tokens and room for 10 are beyond the 64 columns that 60 alone would get. */
  @Test
  void movedCacheWithRoom_growsAfterIt() {
    for (int room : new int[] {0, 10}) {
      try (MlxScope run = MlxScope.open("run")) {
        KvCache moved =
            KvCache.moved(run, List.of(filled(run, List.of(ALL), 1, 60, 1)), new int[1], room);
        MlxArray[] first = moved.buffers();
        append(run, moved, List.of(ALL), 4, 1);
        assertEquals(first[0], moved.buffers()[0], "64 columns fit, room " + room);
        append(run, moved, List.of(ALL), 6, 1);
        assertEquals(room == 10, first[0] == moved.buffers()[0], "70 columns, room " + room);
      }
    }
  }

  @Test
  void movedCache_isNeverHeldTwice() {
    List<StateKind> kinds = Collections.nCopies(40, ALL);
    try (MlxScope run = MlxScope.open("run")) {
      List<KvCache> sources =
          IntStream.range(0, 4).mapToObj(i -> filled(run, kinds, 1, 256, i)).toList();
      MlxMemory.clearCache();
      MlxMemory.resetPeak();
      long before = MlxMemory.snapshot().active();
      KvCache moved = KvCache.moved(run, sources, new int[4], 0);
      long held = MlxMemory.snapshot().peak() - before;
      assertEquals(4, moved.rows());
      // One layer's rows and their copy; all layers would be as much as before.
      assertTrue(held < before / 8, held + " more bytes than " + before);
    }
  }

  private static KvCache filled(
      MlxScope run, List<StateKind> kinds, int rows, int tokens, int first) {
    KvCache cache =
        KvCache.empty(
            run, DType.FLOAT32, kinds, Collections.nCopies(rows, new SequenceLength(tokens)));
    append(run, cache, kinds, tokens, first);
    return cache;
  }

  /** Numbers that are all different, from {@code first} on. */
  private static void append(
      MlxScope run, KvCache cache, List<StateKind> kinds, int columns, int first) {
    try (MlxScope step = run.child("step")) {
      cache.plan(step, columns, new int[cache.rows()], MaskChoice.AUTO);
      float[] numbers = new float[cache.rows() * HEADS * columns * DIM];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = first + i;
      }
      MlxArray all = step.floats(numbers, cache.rows(), HEADS, columns, DIM);
      for (int layer = 0; layer < kinds.size(); layer++) {
        if (kinds.get(layer) != StateKind.NOTHING) {
          MlxArray keys = step.ops().multiply(all, step.scalar(layer + 1, DType.FLOAT32));
          cache.append(step, layer, keys, step.ops().negative(keys));
        }
      }
      step.eval(cache.buffers());
    }
  }
}
