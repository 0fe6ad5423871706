package dev.hbar.mlx;

import java.util.Locale;

/** What padding is filled with. */
public enum PadMode {
  /** A value. */
  CONSTANT,
  /** The element at the edge. */
  EDGE;

  String mlxName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
