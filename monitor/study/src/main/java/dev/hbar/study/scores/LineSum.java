package dev.hbar.study.scores;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/**
 * The checksum of a line of a score file: {@code "sum"}, its first field, holds eight hexadecimal
 * digits of the CRC-32C of the line's UTF-8 bytes without that field.
 */
final class LineSum {
  private static final String START = "{\"sum\":\"";
  private static final String END = "\",";
  private static final int LENGTH = START.length() + 8 + END.length();

  private LineSum() {}

  /** A line of JSON, an object with at least one field, with its checksum in front. */
  static String with(String line) {
    return START + of(line) + END + line.substring(1);
  }

  /** Whether the line begins with a checksum. */
  static boolean isIn(String line) {
    return line.startsWith(START);
  }

  /** Whether the checksum that the line begins with is its own. */
  static boolean fits(String line) {
    return line.length() > LENGTH && line.equals(with("{" + line.substring(LENGTH)));
  }

  private static String of(String line) {
    CRC32C sum = new CRC32C();
    sum.update(line.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().toHexDigits((int) sum.getValue());
  }
}
