package dev.hbar.model.template;

import java.math.BigInteger;
import java.util.List;

/** Python's {@code format % values}. */
final class PercentFormat {

  private static final int MAX_WIDTH = 1 << 30;

  private final String format;
  private final Object values;
  private final List<Object> positional;
  private final StringBuilder out = new StringBuilder();
  private int at;
  private int used;
  private boolean named;

  private boolean left;
  private boolean zero;
  private boolean alternate;
  private String sign = "";
  private int width;
  private int precision;

  private PercentFormat(String format, Object values) {
    this.format = format;
    this.values = values;
    this.positional =
        values instanceof Sequence tuple && tuple.tuple() ? tuple.items() : List.of(values);
  }

  static String format(String format, Object values) {
    return new PercentFormat(format, values).run();
  }

  private String run() {
    while (at < format.length()) {
      char c = format.charAt(at++);
      if (c == '%') {
        directive();
      } else {
        Budget.charge(1);
        out.append(c);
      }
    }
    boolean mapping =
        values instanceof Dict
            || values instanceof Sequence sequence && !sequence.tuple()
            || values instanceof Range
            || values instanceof Undefined;
    if (used < positional.size() && !named && !mapping) {
      throw new Fault("not all arguments converted during string formatting");
    }
    return out.toString();
  }

  private char peek() {
    if (at >= format.length()) {
      throw new Fault("incomplete format");
    }
    return format.charAt(at);
  }

  private void directive() {
    Object keyed = key();
    flags();
    width = number(0);
    if (width < 0) {
      left = true;
      width = -width;
    }
    precision = -1;
    if (peek() == '.') {
      at++;
      precision = Math.max(0, number(0));
    }
    while ("hlL".indexOf(peek()) >= 0) {
      at++;
    }
    char type = peek();
    at++;
    if (type == '%') {
      out.append('%');
    } else {
      convert(type, keyed == null ? next() : keyed);
    }
  }

  private Object key() {
    if (peek() != '(') {
      return null;
    }
    int end = at + 1;
    for (int open = 1; open > 0; end++) {
      if (end >= format.length()) {
        throw new Fault("incomplete format key");
      }
      open += format.charAt(end) == '(' ? 1 : format.charAt(end) == ')' ? -1 : 0;
    }
    String key = format.substring(at + 1, end - 1);
    at = end;
    named = true;
    if (!(values instanceof Dict dict)) {
      throw new Fault("format requires a mapping");
    }
    if (!dict.has(key)) {
      throw new Fault("format key " + Repr.shortRepr(key) + " is missing");
    }
    return dict.get(key, None.NONE);
  }

  private void flags() {
    left = false;
    zero = false;
    alternate = false;
    sign = "";
    while ("-+ #0".indexOf(peek()) >= 0) {
      switch (format.charAt(at++)) {
        case '-' -> left = true;
        case '0' -> zero = true;
        case '#' -> alternate = true;
        case '+' -> sign = "+";
        default -> sign = sign.isEmpty() ? " " : sign;
      }
    }
  }

  private int number(int otherwise) {
    if (peek() == '*') {
      at++;
      return Numbers.clamp(Numbers.integer(next()).orElseThrow(() -> new Fault("* wants int")));
    }
    long number = otherwise;
    while (peek() >= '0' && peek() <= '9') {
      number = Math.min(number * 10 + peek() - '0', MAX_WIDTH);
      at++;
    }
    return (int) number;
  }

  private Object next() {
    if (used >= positional.size()) {
      throw new Fault("not enough arguments for format string");
    }
    return positional.get(used++);
  }

  private void convert(char type, Object value) {
    switch (type) {
      case 's' -> text(Repr.str(value));
      case 'r', 'a' -> text(Repr.repr(value));
      case 'c' -> text(character(value));
      case 'd', 'i', 'u' -> integer(whole(value, true), 10, "");
      case 'o' -> integer(whole(value, false), 8, alternate ? "0o" : "");
      case 'x' -> integer(whole(value, false), 16, alternate ? "0x" : "");
      case 'X' -> integer(whole(value, false), -16, alternate ? "0X" : "");
      case 'e', 'E', 'f', 'F', 'g', 'G' -> real(type, value);
      default -> throw new Fault("unsupported format character '" + type + "'");
    }
  }

  private void text(String text) {
    String cut =
        precision >= 0 && precision < Text.length(text) ? Text.slice(text, 0, precision) : text;
    pad("", cut, false);
  }

  private static String character(Object value) {
    if (value instanceof String text && Text.length(text) == 1) {
      return text;
    }
    int code = Numbers.integer(value).map(Numbers::clamp).orElse(-1);
    if (!Character.isValidCodePoint(code)) {
      throw new Fault("%c requires int or char");
    }
    return Character.toString(code);
  }

  private static BigInteger whole(Object value, boolean truncate) {
    Undefineds.refuse(value);
    if (truncate && value instanceof Double real) {
      return Numbers.truncate(real);
    }
    return Numbers.integer(value)
        .orElseThrow(() -> new Fault("an integer is required, not " + Types.name(value)));
  }

  private void integer(BigInteger value, int radix, String prefix) {
    String digits = radix == 10 ? Repr.integer(value.abs()) : value.abs().toString(Math.abs(radix));
    String cased = radix < 0 ? CaseMethods.upper(digits) : digits;
    Budget.charge(Math.max(0, precision - cased.length()));
    String full = "0".repeat(Math.max(0, precision - cased.length())) + cased;
    pad((value.signum() < 0 ? "-" : sign) + prefix, full, zero);
  }

  private void real(char type, Object value) {
    Undefineds.refuse(value);
    if (!Numbers.isNumber(value)) {
      throw new Fault("must be real number, not " + Types.name(value));
    }
    double real = Numbers.real(value);
    boolean negative = real < 0 || 1 / real < 0;
    String head = negative ? "-" : sign;
    if (Double.isNaN(real) || Double.isInfinite(real)) {
      String word = Double.isNaN(real) ? "nan" : "inf";
      pad(head, Character.isUpperCase(type) ? CaseMethods.upper(word) : word, zero);
      return;
    }
    pad(
        head,
        NumberText.format(Math.abs(real), type, precision < 0 ? 6 : precision, alternate),
        zero);
  }

  private void pad(String head, String body, boolean zeros) {
    int missing = Math.max(0, width - head.length() - Text.length(body));
    Budget.charge(missing + (long) body.length());
    if (left) {
      out.append(head).append(body).repeat(" ", missing);
    } else if (zeros) {
      out.append(head).repeat("0", missing).append(body);
    } else {
      out.repeat(" ", missing).append(head).append(body);
    }
  }
}
