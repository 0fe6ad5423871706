package dev.hbar.mlx.internal;

import dev.hbar.mlx.gen.string_h;
import java.lang.foreign.MemorySegment;
import java.util.function.ToIntFunction;

/** Texts that mlx-c returns in strings of its own. */
final class NativeText {
  private NativeText() {}

  /** The text that a call writes; the native string is freed. */
  static String of(String function, ToIntFunction<MemorySegment> call) {
    MemorySegment string = Slots.take();
    try {
      NativeCall.check(function, call.applyAsInt(string));
      return string_h.mlx_string_data(string).getString(0);
    } finally {
      string_h.mlx_string_free(string);
      Slots.give(string);
    }
  }
}
