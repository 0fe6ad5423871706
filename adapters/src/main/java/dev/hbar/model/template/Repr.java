package dev.hbar.model.template;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Python's str() and repr(). */
final class Repr {

  private static final int MAX_BITS = 14_300;
  private static final int SHORT = 60;

  private final StringBuilder out = new StringBuilder();

  /** The containers being written: one that holds itself is written as dots. */
  private final List<Object> open = new ArrayList<>();

  private Repr() {}

  static String str(Object value) {
    return switch (value) {
      case String text -> text;
      case Undefined _ -> "";
      case Markup markup -> markup.text();
      default -> repr(value);
    };
  }

  static String repr(Object value) {
    Repr repr = new Repr();
    repr.write(value);
    return repr.out.toString();
  }

  /** The beginning of a representation, for messages. */
  static String shortRepr(Object value) {
    String text = value instanceof String string ? quoted(string) : Types.name(value);
    return text.length() <= SHORT ? text : text.substring(0, SHORT) + "...";
  }

  private void write(Object value) {
    Budget.enter();
    Budget.charge(value instanceof String text ? text.length() + 2L : 2);
    switch (value) {
      case None _ -> out.append("None");
      case Boolean flag -> out.append(flag ? "True" : "False");
      case BigInteger number -> out.append(integer(number));
      case Double number -> out.append(FloatText.repr(number));
      case String text -> out.append(quoted(text));
      case Undefined _ -> out.append("Undefined");
      case Sequence sequence -> sequence(sequence);
      case Group group -> sequence(group.pair());
      case Dict dict -> dict(dict);
      default -> object(value);
    }
    Budget.leave();
  }

  static String integer(BigInteger number) {
    if (number.bitLength() > MAX_BITS) {
      throw new Fault("Exceeds the limit (4300 digits) for integer string conversion");
    }
    return number.toString();
  }

  private boolean opens(Object container, String dots) {
    for (Object outer : open) {
      if (outer == container) {
        out.append(dots);
        return false;
      }
    }
    open.add(container);
    return true;
  }

  private void sequence(Sequence sequence) {
    if (!opens(sequence, sequence.tuple() ? "(...)" : "[...]")) {
      return;
    }
    out.append(sequence.tuple() ? '(' : '[');
    items(sequence.items());
    if (sequence.tuple() && sequence.size() == 1) {
      out.append(',');
    }
    out.append(sequence.tuple() ? ')' : ']');
    open.removeLast();
  }

  private void items(List<Object> items) {
    Iterator<Object> iterator = items.iterator();
    while (iterator.hasNext()) {
      write(iterator.next());
      out.append(iterator.hasNext() ? ", " : "");
    }
  }

  private void dict(Dict dict) {
    if (!opens(dict, "{...}")) {
      return;
    }
    out.append('{');
    String separator = "";
    for (Object key : dict.keys()) {
      out.append(separator);
      write(key);
      out.append(": ");
      write(dict.get(key, None.NONE));
      separator = ", ";
    }
    out.append('}');
    open.removeLast();
  }

  private void object(Object value) {
    switch (value) {
      case Range range -> {
        out.append("range(").append(range.start()).append(", ").append(range.stop());
        out.append(range.step() == 1 ? "" : ", " + range.step()).append(')');
      }
      case DictView view -> {
        out.append(Types.name(view)).append("([");
        items(view.list());
        out.append("])");
      }
      case Markup markup -> out.append("Markup(").append(quoted(markup.text())).append(')');
      case Namespace namespace -> {
        out.append("<Namespace ");
        dict(namespace.attributes());
        out.append('>');
      }
      case Stream stream -> out.append('<').append(stream.name()).append(" at 0x0>");
      case Function function -> out.append('<').append(function.name()).append('>');
      case Macro macro -> out.append("<Macro ").append(macro.printedName()).append('>');
      case Loop loop ->
          out.append("<LoopContext ")
              .append(loop.index())
              .append('/')
              .append(loop.length())
              .append('>');
      default -> out.append('<').append(Types.name(value)).append('>');
    }
  }

  static String quoted(String text) {
    char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
    StringBuilder out = new StringBuilder(text.length() + 2).append(quote);
    text.codePoints()
        .forEach(
            c -> {
              if (c == quote || c == '\\') {
                out.append('\\').append((char) c);
              } else if (isPrintable(c)) {
                out.appendCodePoint(c);
              } else {
                out.append(escape(c));
              }
            });
    return out.append(quote).toString();
  }

  static boolean isPrintable(int c) {
    return c == ' '
        || switch (Character.getType(c)) {
          case Character.CONTROL,
              Character.FORMAT,
              Character.SURROGATE,
              Character.PRIVATE_USE,
              Character.UNASSIGNED,
              Character.LINE_SEPARATOR,
              Character.PARAGRAPH_SEPARATOR,
              Character.SPACE_SEPARATOR ->
              false;
          default -> true;
        };
  }

  static String escape(int c) {
    return switch (c) {
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default -> {
        String hex = Integer.toHexString(c);
        int width = c < 0x100 ? 2 : c < 0x10000 ? 4 : 8;
        String letter = c < 0x100 ? "x" : c < 0x10000 ? "u" : "U";
        yield "\\" + letter + "0".repeat(width - hex.length()) + hex;
      }
    };
  }
}
