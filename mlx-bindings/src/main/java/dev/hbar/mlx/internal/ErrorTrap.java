package dev.hbar.mlx.internal;

import dev.hbar.mlx.gen.error_h;
import dev.hbar.mlx.gen.mlx_error_handler_func;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/**
 * The one error upcall of the process. mlx-c calls it on the thread that called the failing
 * function, inside that call, so a thread-local text is enough. It only stores: an exception that
 * leaves an upcall ends the JVM, and MLX's default handler calls {@code exit}.
 */
final class ErrorTrap {
  private static final int MAX_MESSAGE_BYTES = 16 * 1024;
  private static final ThreadLocal<String> TEXT = new ThreadLocal<>();

  private ErrorTrap() {}

  /**
   * Replaces mlx-c's exiting default; before any other mlx-c call. The stub lives as long as the
   * process.
   */
  static void install() {
    MemorySegment stub = mlx_error_handler_func.allocate(ErrorTrap::store, Arena.global());
    error_h.mlx_set_error_handler(stub, MemorySegment.NULL, MemorySegment.NULL);
  }

  /** Forgets an older text; called before a function whose return value cannot signal an error. */
  static void clear() {
    TEXT.remove();
  }

  /** The stored text of this thread, or the empty string; taking it clears it. */
  static String take() {
    String text = TEXT.get();
    TEXT.remove();
    return text == null ? "" : text;
  }

  private static void store(MemorySegment message, MemorySegment ignored) {
    try {
      TEXT.set(withoutBuildPath(text(message)));
    } catch (Throwable unreadable) {
      TEXT.set("MLX reported an error whose text could not be read");
    }
  }

  /**
   * The text may not be UTF-8 and lives only during the upcall; decoding here never throws on bad
   * bytes.
   */
  private static String text(MemorySegment message) {
    int length = 0;
    while (length < MAX_MESSAGE_BYTES && message.get(ValueLayout.JAVA_BYTE, length) != 0) {
      length++;
    }
    byte[] bytes = message.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** mlx-c appends " at (build path):line", which tells a user nothing; some texts end a line. */
  private static String withoutBuildPath(String text) {
    int cut = text.lastIndexOf(" at ");
    return (cut > 0 ? text.substring(0, cut) : text).strip();
  }
}
