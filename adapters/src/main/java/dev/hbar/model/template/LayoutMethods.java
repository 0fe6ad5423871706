package dev.hbar.model.template;

import java.util.Map;

/** center, ljust, zfill, expandtabs. */
final class LayoutMethods {

  private LayoutMethods() {}

  static void addTo(Map<String, StringMethods.Method> methods) {
    methods.put("center", (text, arguments) -> justify(text, arguments, "center"));
    methods.put("ljust", (text, arguments) -> justify(text, arguments, "ljust"));
    methods.put("rjust", (text, arguments) -> justify(text, arguments, "rjust"));
    methods.put("zfill", LayoutMethods::zeroFill);
    methods.put("expandtabs", LayoutMethods::expandTabs);
  }

  private static Object justify(String text, Arguments arguments, String name) {
    Bound bound = arguments.positionalOnly(name, "width", "fillchar?");
    String fill = bound.text(1, " ");
    if (Text.length(fill) != 1) {
      throw new Fault("the fill character must be exactly one character long");
    }
    int width = bound.integer(0);
    return switch (name) {
      case "center" -> center(text, width, fill);
      case "ljust" -> text + fill(text, width, fill);
      default -> fill(text, width, fill) + text;
    };
  }

  private static String fill(String text, int width, String fill) {
    int count = Math.max(0, width - Text.length(text));
    Budget.charge(text.length() + (long) count);
    return fill.repeat(count);
  }

  static String center(String text, int width, String fill) {
    String margin = fill(text, width, fill);
    int count = Math.max(0, width - Text.length(text));
    int left = count / 2 + (count & width & 1);
    return fill.repeat(left) + text + margin.substring(fill.length() * left);
  }

  private static Object zeroFill(String text, Arguments arguments) {
    String zeros = fill(text, arguments.positionalOnly("zfill", "width").integer(0), "0");
    boolean signed = text.startsWith("-") || text.startsWith("+");
    return signed ? text.charAt(0) + zeros + text.substring(1) : zeros + text;
  }

  private static Object expandTabs(String text, Arguments arguments) {
    int size = arguments.bind("expandtabs", "tabsize?").integer(0, 8);
    StringBuilder out = new StringBuilder();
    int column = 0;
    for (int c : text.codePoints().toArray()) {
      if (c == '\t') {
        int count = size > 0 ? size - column % size : 0;
        Budget.charge(count);
        out.repeat(" ", count);
        column += count;
      } else {
        out.appendCodePoint(c);
        column = c == '\n' || c == '\r' ? 0 : column + 1;
      }
    }
    return out.toString();
  }
}
