package dev.hbar.mlx.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What dyld reads of a 64-bit Mach-O library, see loader.h and nlist.h of Apple's cctools.
 *
 * @param arm64 whether it is code for Apple silicon
 * @param id the name under which others link to it
 * @param needed libraries it depends on, a missing weak one excepted
 * @param runPaths what it adds to @rpath
 * @param minimumOs macOS it was built for, major * 100 + minor
 * @param signed whether it carries a code signature, without which Apple silicon runs nothing
 * @param exported external symbols it defines, without C's leading underscore
 */
record MachO(
    boolean arm64,
    Optional<String> id,
    List<String> needed,
    List<String> runPaths,
    int minimumOs,
    boolean signed,
    Set<String> exported) {
  private static final int MAGIC_64 = 0xfeedfacf;
  private static final int CPU_ARM64 = 0x0100000c;
  private static final int HEADER = 32;
  private static final int REQUIRED = 0x80000000;
  private static final int SYMBOL = 16;
  private static final int EXTERNAL = 0x01;
  private static final int SECTION = 0x0e;

  static MachO read(byte[] file) {
    ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    if (in.getInt(0) != MAGIC_64) {
      throw new IllegalArgumentException("not a 64-bit Mach-O file of one architecture");
    }
    Optional<String> id = Optional.empty();
    List<String> needed = new ArrayList<>();
    List<String> runPaths = new ArrayList<>();
    Set<String> exported = Set.of();
    int minimum = 0;
    boolean signed = false;
    int at = HEADER;
    for (int i = 0; i < in.getInt(16); i++) {
      switch (in.getInt(at) & ~REQUIRED) {
        case 0x0c, 0x1f, 0x23 -> needed.add(text(in, at)); // load, re-export, load upward
        case 0x0d -> id = Optional.of(text(in, at));
        case 0x1c -> runPaths.add(text(in, at));
        case 0x02 -> exported = symbols(in, at);
        case 0x1d -> signed = in.getInt(at + 12) > 0;
        case 0x32 -> minimum = (in.getInt(at + 12) >> 16) * 100 + (in.getInt(at + 12) >> 8 & 0xff);
        default -> {}
      }
      at += in.getInt(at + 4);
    }
    boolean arm64 = in.getInt(4) == CPU_ARM64;
    return new MachO(arm64, id, needed, runPaths, minimum, signed, exported);
  }

  private static String text(ByteBuffer in, int command) {
    return terminated(in, command + in.getInt(command + 8));
  }

  private static String terminated(ByteBuffer in, int from) {
    int to = from;
    while (in.get(to) != 0) {
      to++;
    }
    return new String(in.array(), from, to - from, StandardCharsets.UTF_8);
  }

  private static Set<String> symbols(ByteBuffer in, int command) {
    Set<String> names = new HashSet<>();
    int table = in.getInt(command + 8);
    int strings = in.getInt(command + 16);
    for (int i = 0; i < in.getInt(command + 12); i++) {
      int entry = table + i * SYMBOL;
      int kind = in.get(entry + 4);
      if ((kind & EXTERNAL) != 0 && (kind & SECTION) == SECTION) {
        names.add(terminated(in, strings + in.getInt(entry)).replaceFirst("^_", ""));
      }
    }
    return names;
  }
}
