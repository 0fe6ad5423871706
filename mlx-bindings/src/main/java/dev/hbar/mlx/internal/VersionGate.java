package dev.hbar.mlx.internal;

import dev.hbar.mlx.Installation;
import dev.hbar.mlx.MlxUnavailableException;
import dev.hbar.mlx.gen.version_h;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Path;
import java.util.List;

/**
 * mlx-c has no version call and no stable ABI: a wrong pairing shifts arguments silently. So:
 * symbols that mark mlx-c 0.7.0, then MLX's own version. The golden-op self-test follows on the
 * owner thread.
 */
public final class VersionGate {
  public static final String MLXC_WANTED = "0.7.0";
  public static final String MLX_MINIMUM = "0.32.1";
  private static final List<String> MARKS_OF_0_7 =
      List.of("mlx_fast_cross_entropy", "mlx_cumsum_axis", "mlx_get_streams");

  private static volatile String loaded = "";

  private VersionGate() {}

  static void requireSymbols(Path library) {
    SymbolLookup lookup = SymbolLookup.loaderLookup();
    for (String mark : MARKS_OF_0_7) {
      if (lookup.find(mark).isEmpty()) {
        throw new MlxUnavailableException(
            "%s is not mlx-c %s: it lacks %s; to get the pinned build, %s"
                .formatted(library, MLXC_WANTED, mark, Installation.current().remedy()));
      }
    }
  }

  static void requireVersion(Path library) {
    String found = NativeText.of("mlx_version", version_h::mlx_version);
    loaded = found;
    if (compare(found, MLX_MINIMUM) < 0) {
      throw new MlxUnavailableException(
          "%s brings MLX %s, wanted %s or newer; to get the pinned build, %s"
              .formatted(library, found, MLX_MINIMUM, Installation.current().remedy()));
    }
  }

  /** The loaded MLX's version text, such as {@code 0.32.2}; empty before. Any thread may ask. */
  public static String version() {
    return loaded;
  }

  /** Compares dotted versions number by number; a suffix such as ".dev1" counts as zero. */
  static int compare(String left, String right) {
    String[] a = left.split("[.+-]");
    String[] b = right.split("[.+-]");
    for (int i = 0; i < 3; i++) {
      int order = Integer.compare(number(a, i), number(b, i));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  private static int number(String[] parts, int index) {
    return index < parts.length && parts[index].matches("\\d{1,9}")
        ? Integer.parseInt(parts[index])
        : 0;
  }
}
