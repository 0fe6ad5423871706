package dev.hbar.study.report.page;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The order of models by name, where those that differ only in their bits stand together, the most
 * bits first: the first of them is what the others are compared with. Bits are read from the name
 * as mlx-community writes them, {@code NAME-4bit}; a name without them is a model that was not
 * quantized.
 */
final class ModelOrder {
  private static final Pattern BITS =
      Pattern.compile("[-_]?(\\d{1,2})[-_]?bit", Pattern.CASE_INSENSITIVE);

  private static final Comparator<String> MOST_BITS_FIRST =
      Comparator.comparingInt(ModelOrder::bits).reversed();

  static final Comparator<String> NAMES =
      Comparator.comparing((String name) -> BITS.matcher(name).replaceAll(""))
          .thenComparing(MOST_BITS_FIRST)
          .thenComparing(Comparator.naturalOrder());

  private ModelOrder() {}

  private static int bits(String name) {
    Matcher matcher = BITS.matcher(name);
    return matcher.find() ? Integer.parseInt(matcher.group(1)) : Integer.MAX_VALUE;
  }
}
