package dev.hbar.model.template;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

/** split, strip, replace, join and their like. */
final class CutMethods {

  private CutMethods() {}

  static void addTo(Map<String, StringMethods.Method> methods) {
    methods.put("split", (text, arguments) -> split(text, arguments, "split"));
    methods.put("rsplit", (text, arguments) -> split(text, arguments, "rsplit"));
    methods.put("splitlines", CutMethods::splitLines);
    methods.put("partition", (text, arguments) -> partition(text, arguments, false));
    methods.put("rpartition", (text, arguments) -> partition(text, arguments, true));
    methods.put("strip", (text, arguments) -> strip(text, arguments, true, true));
    methods.put("lstrip", (text, arguments) -> strip(text, arguments, true, false));
    methods.put("rstrip", (text, arguments) -> strip(text, arguments, false, true));
    methods.put("removeprefix", CutMethods::removePrefix);
    methods.put("removesuffix", CutMethods::removeSuffix);
    methods.put("replace", CutMethods::replace);
    methods.put("translate", CutMethods::translate);
    methods.put("join", (text, arguments) -> join(text, arguments));
  }

  private static Object split(String text, Arguments arguments, String name) {
    Bound bound = arguments.bind(name, "sep?", "maxsplit?");
    int most = bound.integer(1, -1);
    boolean right = name.equals("rsplit");
    List<Object> parts =
        bound.isNone(0)
            ? words(text, most < 0 ? Integer.MAX_VALUE : most, right)
            : parts(text, bound.text(0), most < 0 ? Integer.MAX_VALUE : most, right);
    return Sequence.list(parts);
  }

  private static List<Object> parts(String text, String separator, int most, boolean right) {
    if (separator.isEmpty()) {
      throw new Fault("empty separator");
    }
    if (right) {
      return reversed(parts(reverse(text), reverse(separator), most, false));
    }
    Search search = new Search(separator);
    List<Object> parts = new ArrayList<>();
    int start = 0;
    for (int left = most; left > 0; left--) {
      int at = search.find(text, start);
      if (at < 0) {
        break;
      }
      add(parts, text.substring(start, at));
      start = at + separator.length();
    }
    add(parts, text.substring(start));
    return parts;
  }

  private static String reverse(String text) {
    return new StringBuilder(text).reverse().toString();
  }

  private static List<Object> reversed(List<Object> parts) {
    Collections.reverse(parts);
    parts.replaceAll(part -> reverse((String) part));
    return parts;
  }

  private static void add(List<Object> parts, String part) {
    Budget.charge(part.length() + (long) Budget.ITEM);
    parts.add(part);
  }

  private static List<Object> words(String text, int most, boolean right) {
    if (right) {
      return reversed(words(reverse(text), most, false));
    }
    List<Object> words = new ArrayList<>();
    int at = skip(text, 0, Text::isSpace);
    while (at < text.length()) {
      if (words.size() == most) {
        add(words, text.substring(at));
        return words;
      }
      int end = skip(text, at, c -> !Text.isSpace(c));
      add(words, text.substring(at, end));
      at = skip(text, end, Text::isSpace);
    }
    return words;
  }

  private static int skip(String text, int from, IntPredicate skipped) {
    int at = from;
    while (at < text.length() && skipped.test(text.charAt(at))) {
      at++;
    }
    return at;
  }

  /** Characters by their numbers: another, a text, or none at all. */
  private static Object translate(String text, Arguments arguments) {
    Object given = arguments.positionalOnly("translate", "table").get(0);
    if (!(given instanceof Dict table)) {
      throw new Fault("translate() wants a dict, got " + Types.name(given));
    }
    StringBuilder out = new StringBuilder();
    for (int c : text.codePoints().toArray()) {
      Object to = table.get(BigInteger.valueOf(c), BigInteger.valueOf(c));
      String part =
          switch (to) {
            case None _ -> "";
            case String other -> other;
            default ->
                Numbers.integer(to)
                    .map(CutMethods::character)
                    .orElseThrow(
                        () ->
                            new Fault(
                                "translate() wants integers, text or none, got " + Types.name(to)));
          };
      Budget.charge(part.length());
      out.append(part);
    }
    return out.toString();
  }

  private static String character(BigInteger number) {
    if (number.signum() < 0
        || number.bitLength() > 21
        || !Character.isValidCodePoint(number.intValue())) {
      throw new Fault("translate() wants the number of a character, got " + number);
    }
    return Character.toString(number.intValue());
  }

  private static Object splitLines(String text, Arguments arguments) {
    Bound bound = arguments.bind("splitlines", "keepends?");
    List<Object> lines = new ArrayList<>();
    Text.lines(text, bound.truth(0, false)).forEach(line -> add(lines, line));
    return Sequence.list(lines);
  }

  private static Object partition(String text, Arguments arguments, boolean last) {
    String separator = arguments.positionalOnly("partition", "sep").text(0);
    if (separator.isEmpty()) {
      throw new Fault("empty separator");
    }
    Budget.charge(text.length());
    int at =
        last
            ? Search.findLast(text, separator, text.length())
            : new Search(separator).find(text, 0);
    if (at < 0) {
      return Sequence.tuple(last ? List.of("", "", text) : List.of(text, "", ""));
    }
    return Sequence.tuple(
        List.of(text.substring(0, at), separator, text.substring(at + separator.length())));
  }

  private static Object strip(String text, Arguments arguments, boolean start, boolean end) {
    Bound bound = arguments.positionalOnly("strip", "chars?");
    return strip(text, bound.get(0, None.NONE), start, end);
  }

  /** Strips white space, or the characters of a text. */
  static String strip(String text, Object chars, boolean start, boolean end) {
    if (chars == None.NONE) {
      String right = end ? Text.stripEnd(text) : text;
      return start ? Text.stripStart(right) : right;
    }
    if (!(chars instanceof String stripped)) {
      throw new Fault("strip arg must be None or str");
    }
    int from = 0;
    int to = text.length();
    while (start && from < to && stripped.indexOf(text.codePointAt(from)) >= 0) {
      from += Character.charCount(text.codePointAt(from));
    }
    while (end && to > from && stripped.indexOf(text.codePointBefore(to)) >= 0) {
      to -= Character.charCount(text.codePointBefore(to));
    }
    return text.substring(from, to);
  }

  private static Object removePrefix(String text, Arguments arguments) {
    String prefix = arguments.positionalOnly("removeprefix", "prefix").text(0);
    return text.startsWith(prefix) ? text.substring(prefix.length()) : text;
  }

  private static Object removeSuffix(String text, Arguments arguments) {
    String suffix = arguments.positionalOnly("removesuffix", "suffix").text(0);
    return text.endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : text;
  }

  private static Object replace(String text, Arguments arguments) {
    Bound bound = arguments.positionalOnly("replace", "old", "new", "count?");
    return replace(text, bound.text(0), bound.text(1), bound.integer(2, -1));
  }

  /** Replaces the first {@code count} occurrences, or all if it is negative. */
  static String replace(String text, String old, String replacement, int count) {
    Search search = new Search(old);
    StringBuilder out = new StringBuilder();
    int start = 0;
    int next = count == 0 ? -1 : search.find(text, 0);
    for (int done = 0; next >= 0 && (count < 0 || done < count); done++) {
      Budget.charge(next - start + (long) replacement.length());
      out.append(text, start, next).append(replacement);
      start = next + old.length();
      if (old.isEmpty()) {
        if (next >= text.length()) {
          return out.toString();
        }
        int end = next + Character.charCount(text.codePointAt(next));
        out.append(text, next, end);
        start = end;
      }
      next = search.find(text, start);
    }
    Budget.charge(text.length() - start);
    return out.append(text, start, text.length()).toString();
  }

  private static Object join(String separator, Arguments arguments) {
    Object items = arguments.positionalOnly("join", "iterable").get(0);
    StringBuilder out = new StringBuilder();
    int index = 0;
    for (Object item : Iteration.list(items)) {
      if (!(item instanceof String part)) {
        throw new Fault(
            "sequence item %s: expected str instance, %s found".formatted(index, Types.name(item)));
      }
      Budget.charge((long) part.length() + separator.length());
      out.append(index++ == 0 ? "" : separator).append(part);
    }
    return out.toString();
  }
}
