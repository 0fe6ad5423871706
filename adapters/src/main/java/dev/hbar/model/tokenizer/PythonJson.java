package dev.hbar.model.tokenizer;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.filter.Filter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The filter {@code tojson} with the spacing of Python's {@code json.dumps} and no HTML escapes.
 */
final class PythonJson implements Filter {

  @Override
  public String getName() {
    return "tojson";
  }

  @Override
  public Object filter(Object value, JinjavaInterpreter interpreter, String... arguments) {
    return write(value, -1, 0);
  }

  @Override
  public Object filter(
      Object value, JinjavaInterpreter interpreter, Object[] arguments, Map<String, Object> named) {
    return write(value, named.get("indent") instanceof Number n ? n.intValue() : -1, 0);
  }

  private static String write(Object value, int indent, int depth) {
    return switch (value) {
      case null -> "null";
      case Boolean flag -> flag.toString();
      case Number number -> number.toString();
      case Map<?, ?> map -> {
        List<String> parts = new ArrayList<>();
        map.forEach(
            (k, v) -> parts.add(quote(String.valueOf(k)) + ": " + write(v, indent, depth + 1)));
        yield enclose("{", parts, "}", indent, depth);
      }
      case Iterable<?> items -> {
        List<String> parts = new ArrayList<>();
        items.forEach(item -> parts.add(write(item, indent, depth + 1)));
        yield enclose("[", parts, "]", indent, depth);
      }
      default -> quote(value.toString());
    };
  }

  private static String enclose(
      String open, List<String> parts, String close, int indent, int depth) {
    if (indent < 0 || parts.isEmpty()) {
      return open + String.join(", ", parts) + close;
    }
    String line = "\n" + " ".repeat(indent * (depth + 1));
    return open + line + String.join("," + line, parts) + "\n" + " ".repeat(indent * depth) + close;
  }

  private static String quote(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      switch (c) {
        case '"' -> quoted.append("\\\"");
        case '\\' -> quoted.append("\\\\");
        case '\n' -> quoted.append("\\n");
        case '\r' -> quoted.append("\\r");
        case '\t' -> quoted.append("\\t");
        case '\b' -> quoted.append("\\b");
        case '\f' -> quoted.append("\\f");
        default -> quoted.append(c < 0x20 ? "\\u%04x".formatted((int) c) : String.valueOf(c));
      }
    }
    return quoted.append('"').toString();
  }
}
