package dev.hbar.mlx.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What libmlxc asks of libmlx, read from the ELF file that is installed on Linux. The same source
 * asks the same of a Mac's libmlx, but for the types of the standard library in the parameters, so
 * that names are compared up to their parameters.
 */
final class LibmlxcSymbols {
  private static final int DYNAMIC_SYMBOLS = 11;
  private static final String CORE = "_ZN3mlx4core";

  private LibmlxcSymbols() {}

  /** Names of functions and classes of mlx::core that the library uses and does not have. */
  static Set<String> wanted(Path library) throws IOException {
    return names(library, true).stream()
        .filter(name -> name.startsWith(CORE))
        .map(LibmlxcSymbols::withoutParameters)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Names that the library has for others. */
  static Set<String> exported(Path library) throws IOException {
    return names(library, false);
  }

  private static Set<String> names(Path library, boolean undefined) throws IOException {
    ByteBuffer elf = ByteBuffer.wrap(Files.readAllBytes(library)).order(ByteOrder.LITTLE_ENDIAN);
    int table = (int) elf.getLong(0x28);
    Set<String> names = new TreeSet<>();
    for (int i = 0; i < elf.getShort(0x3C); i++) {
      int section = table + i * elf.getShort(0x3A);
      if (elf.getInt(section + 4) == DYNAMIC_SYMBOLS) {
        int texts = table + elf.getInt(section + 0x28) * elf.getShort(0x3A);
        collect(elf, section, (int) elf.getLong(texts + 0x18), undefined, names);
      }
    }
    return names;
  }

  /** The same names among those that a library has. */
  static Set<String> had(Set<String> exported) {
    return exported.stream()
        .map(name -> name.startsWith("__Z") ? name.substring(1) : name)
        .filter(name -> name.startsWith(CORE))
        .map(LibmlxcSymbols::withoutParameters)
        .collect(Collectors.toSet());
  }

  private static void collect(
      ByteBuffer elf, int section, int texts, boolean undefined, Set<String> names) {
    int start = (int) elf.getLong(section + 0x18);
    long size = elf.getLong(section + 0x20);
    for (int symbol = start; symbol < start + size; symbol += 24) {
      if (undefined == (elf.getShort(symbol + 6) == 0)) {
        names.add(text(elf, texts + elf.getInt(symbol)));
      }
    }
  }

  /** The nested name without what follows it: each part is its length and its letters. */
  private static String withoutParameters(String name) {
    int at = "_ZN".length();
    while (at < name.length() && Character.isDigit(name.charAt(at))) {
      int digits = at;
      while (Character.isDigit(name.charAt(digits))) {
        digits++;
      }
      at = digits + Integer.parseInt(name.substring(at, digits));
    }
    return name.substring(0, at);
  }

  private static String text(ByteBuffer elf, int start) {
    int end = start;
    while (elf.get(end) != 0) {
      end++;
    }
    return new String(elf.array(), start, end - start, StandardCharsets.US_ASCII);
  }
}
