package dev.hbar.model.template;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;

/** Filters that make text of text. */
final class TextFilters {

  private static final int LEEWAY = 5;
  private static final int WIDTH = 80;
  private static final int LENGTH = 255;
  private static final String WORD_STARTS = "-({[<";

  private TextFilters() {}

  static void addTo(Map<String, Filters.Filter> filters) {
    method(filters, "upper");
    method(filters, "lower");
    method(filters, "capitalize");
    filters.put("string", (value, arguments) -> none(arguments, "string", soft(value)));
    filters.put("title", (value, arguments) -> none(arguments, "title", title(Repr.str(value))));
    filters.put("trim", TextFilters::trim);
    filters.put("replace", TextFilters::replace);
    filters.put("center", TextFilters::center);
    filters.put("format", TextFilters::format);
    filters.put("indent", TextFilters::indent);
    filters.put("truncate", TextFilters::truncate);
    filters.put("wordcount", TextFilters::wordCount);
  }

  private static Object soft(Object value) {
    return value instanceof Markup ? value : Repr.str(value);
  }

  private static Object none(Arguments arguments, String name, Object result) {
    arguments.bind(name);
    return result;
  }

  private static void method(Map<String, Filters.Filter> filters, String name) {
    filters.put(
        name,
        (value, arguments) -> {
          arguments.bind(name);
          return ((Callable) StringMethods.of(Repr.str(value), name).orElseThrow())
              .call(Arguments.of());
        });
  }

  private static Object trim(Object value, Arguments arguments) {
    Bound bound = arguments.bind("trim", "chars?");
    return CutMethods.strip(Repr.str(value), bound.get(0, None.NONE), true, true);
  }

  private static Object replace(Object value, Arguments arguments) {
    Bound bound = arguments.bind("replace", "old", "new", "count?");
    int count = bound.isNone(2) ? -1 : bound.integer(2);
    return CutMethods.replace(
        Repr.str(value), Repr.str(bound.get(0)), Repr.str(bound.get(1)), count);
  }

  private static Object center(Object value, Arguments arguments) {
    return LayoutMethods.center(
        Repr.str(value), arguments.bind("center", "width?").integer(0, WIDTH), " ");
  }

  private static Object format(Object value, Arguments arguments) {
    if (!arguments.positional().isEmpty() && !arguments.named().isEmpty()) {
      throw new Fault("format cannot take positional and keyword arguments at the same time");
    }
    Object given =
        arguments.named().isEmpty()
            ? Sequence.tuple(arguments.positional())
            : Dict.of(arguments.named());
    return Arithmetic.apply("%", soft(value), given);
  }

  private static String title(String text) {
    Budget.charge(text.length());
    StringBuilder out = new StringBuilder(text.length());
    int at = 0;
    while (at < text.length()) {
      int end = at;
      boolean separator = isSeparator(text.charAt(at));
      while (end < text.length() && isSeparator(text.charAt(end)) == separator) {
        end++;
      }
      String part = text.substring(at, end);
      int first = part.offsetByCodePoints(0, 1);
      out.append(CaseMethods.upper(part.substring(0, first)));
      out.append(CaseMethods.lower(part.substring(first)));
      at = end;
    }
    return out.toString();
  }

  private static boolean isSeparator(char c) {
    return WORD_STARTS.indexOf(c) >= 0 || Text.isSpace(c);
  }

  private static Object indent(Object value, Arguments arguments) {
    Bound bound = arguments.bind("indent", "width?", "first?", "blank?");
    Undefineds.refuse(value);
    if (!(value instanceof String text)) {
      throw new Fault("indent() wants text, got " + Types.name(value));
    }
    String indent;
    if (bound.has(0) && bound.get(0) instanceof String own) {
      indent = own;
    } else {
      int width = Math.max(0, bound.integer(0, 4));
      Budget.charge(width);
      indent = " ".repeat(width);
    }
    boolean blank = bound.truth(2, false);
    StringBuilder out = new StringBuilder(bound.truth(1, false) ? indent : "");
    List<String> lines = Text.lines(text + "\n", false);
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      String before = i == 0 ? "" : blank || !line.isEmpty() ? "\n" + indent : "\n";
      Budget.charge((long) before.length() + line.length());
      out.append(before).append(line);
    }
    return out.toString();
  }

  private static Object truncate(Object value, Arguments arguments) {
    Bound bound = arguments.bind("truncate", "length?", "killwords?", "end?", "leeway?");
    int length = bound.integer(0, LENGTH);
    String end = bound.text(2, "...");
    int leeway = bound.isNone(3) ? LEEWAY : bound.integer(3);
    int endLength = Text.length(end);
    if (length < endLength || leeway < 0) {
      throw new Fault("truncate() got a length below that of its end, or a negative leeway");
    }
    if (Iteration.length(value).intValue() <= (long) length + leeway) {
      return value;
    }
    if (!(value instanceof String text)) {
      throw new Fault("truncate() wants text, got " + Types.name(value));
    }
    String cut = Text.slice(text, 0, length - endLength);
    int space = bound.truth(1, false) ? -1 : cut.lastIndexOf(' ');
    return (space < 0 ? cut : cut.substring(0, space)) + end;
  }

  private static Object wordCount(Object value, Arguments arguments) {
    arguments.bind("wordcount");
    int words = 0;
    boolean inWord = false;
    for (int c : Repr.str(value).codePoints().toArray()) {
      boolean word = c == '_' || Character.isLetterOrDigit(c);
      words += word && !inWord ? 1 : 0;
      inWord = word;
    }
    return BigInteger.valueOf(words);
  }
}
