package dev.hbar.mlx.internal;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;

/**
 * The few constant strings that MLX takes (quantization modes, mask modes), allocated once. mlx-c
 * prints error texts through a format string, so a '%' in any string handed over can end the
 * process; it is refused here.
 */
final class CStrings {
  private static final Map<String, MemorySegment> CONSTANTS = new HashMap<>();

  private CStrings() {}

  static MemorySegment constant(String text) {
    if (text.indexOf('%') >= 0 || text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("MLX must not be given '%' or NUL: " + text);
    }
    return CONSTANTS.computeIfAbsent(text, Arena.global()::allocateFrom);
  }
}
