package dev.hbar.model.template;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;

/** find, count, startswith and their like. */
final class SearchMethods {

  private SearchMethods() {}

  static void addTo(Map<String, StringMethods.Method> methods) {
    methods.put("find", (text, arguments) -> find(text, arguments, "find", false));
    methods.put("rfind", (text, arguments) -> find(text, arguments, "rfind", true));
    methods.put("index", (text, arguments) -> require(find(text, arguments, "index", false)));
    methods.put("rindex", (text, arguments) -> require(find(text, arguments, "rindex", true)));
    methods.put("count", SearchMethods::count);
    methods.put("startswith", (text, arguments) -> affix(text, arguments, true));
    methods.put("endswith", (text, arguments) -> affix(text, arguments, false));
  }

  /** The part of a text between two bounds, and where it begins. */
  private record Window(String text, int start, boolean valid) {}

  private static Window window(String text, Bound bound) {
    int length = Text.length(text);
    int start = bound.isNone(1) ? 0 : fromEnd(bound.integer(1), length);
    int stop = bound.isNone(2) ? length : fromEnd(bound.integer(2), length);
    int end = Math.min(stop, length);
    boolean valid = start <= end;
    return new Window(valid ? Text.slice(text, start, end) : "", start, valid);
  }

  private static int fromEnd(int index, int length) {
    return Math.max(0, index < 0 ? index + length : index);
  }

  private static BigInteger find(String text, Arguments arguments, String name, boolean last) {
    Bound bound = arguments.positionalOnly(name, "sub", "start?", "end?");
    Window window = window(text, bound);
    if (!window.valid()) {
      return BigInteger.ONE.negate();
    }
    String part = bound.text(0);
    int at =
        last
            ? Search.findLast(window.text(), part, window.text().length())
            : new Search(part).find(window.text(), 0);
    return BigInteger.valueOf(at < 0 ? -1 : window.start() + window.text().codePointCount(0, at));
  }

  private static Object require(BigInteger found) {
    if (found.signum() < 0) {
      throw new Fault("substring not found");
    }
    return found;
  }

  private static Object count(String text, Arguments arguments) {
    Bound bound = arguments.positionalOnly("count", "sub", "start?", "end?");
    Window window = window(text, bound);
    String part = bound.text(0);
    if (!window.valid()) {
      return BigInteger.ZERO;
    }
    if (part.isEmpty()) {
      return BigInteger.valueOf(Text.length(window.text()) + 1L);
    }
    Search search = new Search(part);
    long count = 0;
    for (int at = search.find(window.text(), 0);
        at >= 0;
        at = search.find(window.text(), at + part.length())) {
      count++;
    }
    return BigInteger.valueOf(count);
  }

  private static Object affix(String text, Arguments arguments, boolean start) {
    String name = start ? "startswith" : "endswith";
    Bound bound = arguments.positionalOnly(name, "prefix", "start?", "end?");
    Window window = window(text, bound);
    List<Object> affixes =
        bound.get(0) instanceof Sequence tuple && tuple.tuple()
            ? tuple.items()
            : List.of(bound.get(0));
    boolean found = false;
    for (Object affix : affixes) {
      if (!(affix instanceof String part)) {
        throw new Fault(name + "() wants text or a tuple of texts, got " + Types.name(affix));
      }
      found |=
          window.valid() && (start ? window.text().startsWith(part) : window.text().endsWith(part));
      if (found) {
        break;
      }
    }
    return found;
  }
}
