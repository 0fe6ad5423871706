package dev.hbar.model.template;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Python's json.dumps. */
final class Json {

  private final boolean ascii;
  private final String indent;
  private final boolean lines;
  private final String itemSeparator;
  private final String keySeparator;
  private final boolean sorted;
  private final StringBuilder out = new StringBuilder();

  private Json(Bound bound) {
    ascii = bound.truth(0, false);
    lines = !bound.isNone(1);
    indent = lines ? indent(bound.get(1)) : "";
    if (bound.isNone(2)) {
      itemSeparator = lines ? "," : ", ";
      keySeparator = ": ";
    } else {
      List<Object> separators = bound.list(2);
      if (separators.size() != 2
          || !(separators.get(0) instanceof String item)
          || !(separators.get(1) instanceof String key)) {
        throw new Fault("tojson() wants two texts as separators");
      }
      itemSeparator = item;
      keySeparator = key;
    }
    sorted = bound.truth(3, false);
  }

  /** The filter tojson of transformers. */
  static String dump(Object value, Arguments arguments) {
    Json json =
        new Json(arguments.bind("tojson", "ensure_ascii?", "indent?", "separators?", "sort_keys?"));
    json.write(value, 0);
    return json.out.toString();
  }

  private static String indent(Object indent) {
    if (indent instanceof String text) {
      return text;
    }
    int width =
        Numbers.integer(indent)
            .map(Numbers::clamp)
            .orElseThrow(() -> new Fault("tojson() wants an integer or text as indent"));
    Budget.charge(Math.max(0, width));
    return " ".repeat(Math.max(0, width));
  }

  private void write(Object value, int depth) {
    Budget.enter();
    switch (Markup.plain(value)) {
      case None _ -> append("null");
      case Boolean flag -> append(flag.toString());
      case BigInteger number -> append(Repr.integer(number));
      case Double number -> append(number(number));
      case String text -> quote(text);
      case Sequence sequence -> array(sequence.items(), depth);
      case Group group -> array(group.pair().items(), depth);
      case Dict dict -> object(dict, depth);
      default ->
          throw new Fault("Object of type " + Types.name(value) + " is not JSON serializable");
    }
    Budget.leave();
  }

  private void append(String text) {
    Budget.charge(text.length());
    out.append(text);
  }

  private static String number(double number) {
    if (Double.isNaN(number)) {
      return "NaN";
    }
    if (Double.isInfinite(number)) {
      return number > 0 ? "Infinity" : "-Infinity";
    }
    return FloatText.repr(number);
  }

  private void array(List<Object> items, int depth) {
    if (items.isEmpty()) {
      append("[]");
      return;
    }
    append("[");
    Iterator<Object> iterator = items.iterator();
    while (iterator.hasNext()) {
      newline(depth + 1);
      write(iterator.next(), depth + 1);
      append(iterator.hasNext() ? itemSeparator : "");
    }
    newline(depth);
    append("]");
  }

  private void object(Dict dict, int depth) {
    if (dict.size() == 0) {
      append("{}");
      return;
    }
    append("{");
    List<Object> keys = new ArrayList<>(dict.keys());
    if (sorted) {
      keys.sort(Order::compare);
    }
    Iterator<Object> iterator = keys.iterator();
    while (iterator.hasNext()) {
      Object key = iterator.next();
      newline(depth + 1);
      quote(name(key));
      append(keySeparator);
      write(dict.get(key, None.NONE), depth + 1);
      append(iterator.hasNext() ? itemSeparator : "");
    }
    newline(depth);
    append("}");
  }

  private void newline(int depth) {
    if (lines) {
      Budget.charge(1 + (long) indent.length() * depth);
      out.append('\n').repeat(indent, depth);
    }
  }

  private static String name(Object key) {
    return switch (key) {
      case String text -> text;
      case None _ -> "null";
      case Boolean flag -> flag.toString();
      case BigInteger number -> Repr.integer(number);
      case Double number -> number(number);
      default ->
          throw new Fault("keys must be str, int, float, bool or None, not " + Types.name(key));
    };
  }

  private void quote(String text) {
    Budget.charge(text.length() + 2L);
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int named = "\"\\\n\r\t\b\f".indexOf(c);
      if (named >= 0) {
        out.append('\\').append("\"\\nrtbf".charAt(named));
      } else if (c < 0x20 || ascii && c > 0x7e) {
        String hex = Integer.toHexString(c);
        out.append("\\u").repeat("0", 4 - hex.length()).append(hex);
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }
}
