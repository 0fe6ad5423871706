package dev.hbar.model.layer;

import java.util.List;
import java.util.OptionalInt;

/** What one layer keeps of the tokens it has seen, before there is any of it. */
public sealed interface StateKind {
  /** A layer that keeps nothing. */
  StateKind NOTHING = new Recurrent(List.of());

  /**
   * Keys and values of every token in reach.
   *
   * @param heads of keys and of values
   * @param keyDim size of a key
   * @param valueDim size of a value
   * @param window the last keys that a query sees, itself included; empty: all
   * @param chunked of those, only the ones of its own chunk of {@code window} positions
   */
  record KeysAndValues(int heads, int keyDim, int valueDim, OptionalInt window, boolean chunked)
      implements StateKind {
    private static final int SHORT = 512;
    private static final int SHORT_STEP = 64;
    private static final int STEP = 256;

    /** Without chunks. */
    public KeysAndValues(int heads, int keyDim, int valueDim, OptionalInt window) {
      this(heads, keyDim, valueDim, window, false);
    }

    /** Columns that are held for so many: steps of 64 while they are few, of 256 then. */
    public static long capacity(long columns) {
      long step = columns <= SHORT ? SHORT_STEP : STEP;
      return Math.ceilDiv(columns, step) * step;
    }
  }

  /** For every layer, the last keys that a query sees; empty: all, or a layer without keys. */
  static List<OptionalInt> windows(List<StateKind> kinds) {
    return kinds.stream()
        .map(kind -> kind instanceof KeysAndValues both ? both.window() : OptionalInt.empty())
        .toList();
  }

  /** Arrays of a fixed size for each row. */
  record Recurrent(List<RecurrentState.Part> parts) implements StateKind {
    /** Copies the list. */
    public Recurrent {
      parts = List.copyOf(parts);
    }
  }
}
