package dev.hbar.model.template;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Python's str.format in Jinja2's sandbox. */
final class BraceFormat {

  private static final int MAX_DEPTH = 2;

  private final List<Object> positional;
  private final Map<String, Object> named;
  private int automatic;
  private boolean manual;

  private BraceFormat(List<Object> positional, Map<String, Object> named) {
    this.positional = positional;
    this.named = named;
  }

  static Object format(String text, Arguments arguments) {
    return new BraceFormat(arguments.positional(), arguments.named()).expand(text, MAX_DEPTH);
  }

  static Object formatMap(String text, Arguments arguments) {
    Object mapping = arguments.positionalOnly("format_map", "mapping").get(0);
    if (!(mapping instanceof Dict dict)) {
      throw new Fault("format_map() wants a mapping");
    }
    Map<String, Object> named = new HashMap<>();
    for (Object key : dict.keys()) {
      if (key instanceof String name) {
        named.put(name, dict.get(key, None.NONE));
      }
    }
    return new BraceFormat(List.of(), named).expand(text, MAX_DEPTH);
  }

  private String expand(String text, int depth) {
    if (depth < 0) {
      throw new Fault("Max string recursion exceeded");
    }
    StringBuilder out = new StringBuilder();
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at++);
      boolean doubled = at < text.length() && text.charAt(at) == c;
      if ((c == '{' || c == '}') && doubled) {
        out.append(c);
        at++;
      } else if (c == '}') {
        throw new Fault("Single '}' encountered in format string");
      } else if (c == '{') {
        int end = closing(text, at);
        String field = field(text.substring(at, end), depth);
        Budget.charge(field.length());
        out.append(field);
        at = end + 1;
      } else {
        Budget.charge(1);
        out.append(c);
      }
    }
    return out.toString();
  }

  private static int closing(String text, int from) {
    int open = 1;
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      open += c == '{' ? 1 : c == '}' ? -1 : 0;
      if (open == 0) {
        return i;
      }
    }
    throw new Fault("expected '}' before end of string");
  }

  private String field(String field, int depth) {
    int nameEnd = 0;
    boolean bracket = false;
    while (nameEnd < field.length()) {
      char c = field.charAt(nameEnd);
      if (c == '[' || c == ']') {
        bracket = c == '[';
      } else if (!bracket && (c == ':' || c == '!')) {
        break;
      } else if (c == '{') {
        throw new Fault("unexpected '{' in field name");
      }
      nameEnd++;
    }
    Object value = lookUp(field.substring(0, nameEnd));
    String rest = field.substring(nameEnd);
    if (rest.startsWith("!")) {
      if (rest.length() < 2 || rest.length() > 2 && rest.charAt(2) != ':') {
        throw new Fault("expected ':' after conversion specifier");
      }
      value = converted(rest.charAt(1), value);
      rest = rest.substring(2);
    }
    String spec = rest.isEmpty() ? "" : expand(rest.substring(1), depth - 1);
    return FormatSpec.format(value, spec);
  }

  private static String converted(char conversion, Object value) {
    return switch (conversion) {
      case 's' -> Repr.str(value);
      case 'r', 'a' -> Repr.repr(value);
      default -> throw new Fault("Unknown conversion specifier " + conversion);
    };
  }

  private Object lookUp(String name) {
    int end = 0;
    while (end < name.length() && name.charAt(end) != '.' && name.charAt(end) != '[') {
      end++;
    }
    Object value = first(name.substring(0, end));
    int at = end;
    while (at < name.length()) {
      int next = at + 1;
      if (name.charAt(at) == '[') {
        int close = name.indexOf(']', at);
        if (close < 0 || close == next) {
          throw new Fault("Missing ']' or empty attribute in format string");
        }
        value = Lookup.item(value, index(name.substring(next, close)));
        at = close + 1;
      } else if (name.charAt(at) == '.') {
        while (next < name.length() && name.charAt(next) != '.' && name.charAt(next) != '[') {
          next++;
        }
        if (next == at + 1) {
          throw new Fault("Empty attribute in format string");
        }
        value = Lookup.attribute(value, name.substring(at + 1, next));
        at = next;
      } else {
        throw new Fault("Only '.' or '[' may follow ']' in format field specifier");
      }
    }
    return value;
  }

  private static Object index(String text) {
    return text.matches("[0-9]{1,18}") ? new BigInteger(text) : text;
  }

  private Object first(String name) {
    if (name.isEmpty() || name.matches("[0-9]{1,9}")) {
      boolean numbered = !name.isEmpty();
      if (numbered && automatic > 0 || !numbered && manual) {
        throw new Fault("cannot mix manual and automatic field numbering");
      }
      manual |= numbered;
      int index = numbered ? Integer.parseInt(name) : automatic++;
      if (index >= positional.size()) {
        throw new Fault("Replacement index " + index + " out of range for positional args tuple");
      }
      return positional.get(index);
    }
    Object value = named.get(name);
    if (value == null) {
      throw new Fault("format has no value for " + Repr.shortRepr(name));
    }
    return value;
  }
}
