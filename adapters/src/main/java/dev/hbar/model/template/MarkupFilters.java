package dev.hbar.model.template;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Filters for HTML and URLs. */
final class MarkupFilters {

  private MarkupFilters() {}

  static void addTo(Map<String, Filters.Filter> filters) {
    for (String name : List.of("e", "escape")) {
      filters.put(
          name,
          (value, arguments) -> {
            arguments.bind(name);
            return value instanceof Markup ? value : new Markup(escape(Repr.str(value)));
          });
    }
    filters.put(
        "forceescape",
        (value, arguments) -> {
          arguments.bind("forceescape");
          return new Markup(escape(Repr.str(value)));
        });
    filters.put(
        "safe",
        (value, arguments) -> {
          arguments.bind("safe");
          return new Markup(Repr.str(value));
        });
    filters.put("striptags", MarkupFilters::stripTags);
    filters.put("xmlattr", MarkupFilters::xmlAttributes);
    filters.put("urlencode", MarkupFilters::urlEncode);
  }

  static String escape(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      String escaped =
          switch (text.charAt(i)) {
            case '&' -> "&amp;";
            case '<' -> "&lt;";
            case '>' -> "&gt;";
            case '\'' -> "&#39;";
            case '"' -> "&#34;";
            default -> text.substring(i, i + 1);
          };
      Budget.charge(escaped.length());
      out.append(escaped);
    }
    return out.toString();
  }

  private static Object stripTags(Object value, Arguments arguments) {
    arguments.bind("striptags");
    String text = without(without(Repr.str(value), "<!--", "-->"), "<", ">");
    Object words = ((Callable) StringMethods.of(text, "split").orElseThrow()).call(Arguments.of());
    String joined = String.join(" ", Iteration.list(words).stream().map(Repr::str).toList());
    return joined
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#34;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&");
  }

  private static String without(String text, String open, String close) {
    Budget.charge(text.length());
    StringBuilder out = new StringBuilder(text.length());
    int at = 0;
    while (true) {
      int start = text.indexOf(open, at);
      int end = start < 0 ? -1 : text.indexOf(close, start);
      if (end < 0) {
        return out.append(text, at, text.length()).toString();
      }
      out.append(text, at, start);
      at = end + close.length();
    }
  }

  private static Object xmlAttributes(Object value, Arguments arguments) {
    Bound bound = arguments.bind("xmlattr", "autospace?");
    if (!(value instanceof Dict dict)) {
      throw new Fault("xmlattr() wants a mapping, got " + Types.name(value));
    }
    StringBuilder out = new StringBuilder();
    for (Object key : dict.keys()) {
      Object item = dict.get(key, None.NONE);
      if (item != None.NONE && !(item instanceof Undefined)) {
        if (!(key instanceof String name) || name.matches("(?s).*[ \t\n\r\f\u000b/>=].*")) {
          throw new Fault("invalid character in attribute name");
        }
        out.append(out.isEmpty() ? "" : " ").append(escape(name));
        out.append("=\"").append(escape(Repr.str(item))).append('"');
      }
    }
    return bound.truth(0, true) && !out.isEmpty() ? " " + out : out.toString();
  }

  private static Object urlEncode(Object value, Arguments arguments) {
    arguments.bind("urlencode");
    if (value instanceof String || !Iteration.isIterable(value)) {
      return quote(Repr.str(value), false);
    }
    StringBuilder out = new StringBuilder();
    List<Object> pairs = value instanceof Dict dict ? dict.items() : Iteration.list(value);
    for (Object item : pairs) {
      List<Object> pair = Iteration.list(item);
      if (pair.size() != 2) {
        throw new Fault("urlencode() wants pairs");
      }
      out.append(out.isEmpty() ? "" : "&").append(quote(Repr.str(pair.get(0)), true));
      out.append('=').append(quote(Repr.str(pair.get(1)), true));
    }
    return out.toString();
  }

  private static String quote(String text, boolean query) {
    StringBuilder out = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      int c = b & 0xff;
      Budget.charge(3);
      boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || "_.-~".indexOf(c) >= 0);
      if (plain || c == '/' && !query) {
        out.append((char) c);
      } else if (c == ' ' && query) {
        out.append('+');
      } else {
        out.append('%');
        out.append(Character.toUpperCase(Character.forDigit(c >> 4, 16)));
        out.append(Character.toUpperCase(Character.forDigit(c & 15, 16)));
      }
    }
    return out.toString();
  }
}
