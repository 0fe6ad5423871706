package dev.hbar.model.template;

/** What the backslashes of a string literal mean: Python's unicode-escape. */
final class StringLiteral {

  private final String text;
  private final Lexer lexer;
  private final StringBuilder out = new StringBuilder();

  private StringLiteral(String text, Lexer lexer) {
    this.text = text;
    this.lexer = lexer;
  }

  static String unescape(String text, Lexer lexer) {
    return text.indexOf('\\') < 0 ? text : new StringLiteral(text, lexer).run();
  }

  private String run() {
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '\\') {
        at = escape(at + 1);
      } else {
        out.append(c);
        at++;
      }
    }
    return out.toString();
  }

  private int escape(int at) {
    int c = text.codePointAt(at);
    int simple = "\\'\"abfnrtv".indexOf(c);
    if (c == '\n') {
      return at + 1;
    }
    if (simple >= 0) {
      out.append("\\'\"\u0007\b\f\n\r\t\u000b".charAt(simple));
      return at + 1;
    }
    if (c >= '0' && c <= '7') {
      return octal(at);
    }
    return switch (c) {
      case 'x' -> hexadecimal(at + 1, 2);
      case 'u' -> hexadecimal(at + 1, 4);
      case 'U' -> hexadecimal(at + 1, 8);
      case 'N' -> named(at + 1);
      default -> unknown(at, c);
    };
  }

  private int unknown(int at, int c) {
    out.append('\\');
    if (c < 0x80) {
      out.appendCodePoint(c);
    } else {
      // Jinja2 writes such a character as an escape of its own before it reads the escapes.
      out.append(Repr.escape(c), 1, Repr.escape(c).length());
    }
    return at + Character.charCount(c);
  }

  private int octal(int at) {
    int end = at;
    while (end < text.length() && end < at + 3 && "01234567".indexOf(text.charAt(end)) >= 0) {
      end++;
    }
    out.appendCodePoint(Integer.parseInt(text.substring(at, end), 8));
    return end;
  }

  private int hexadecimal(int at, int digits) {
    int end = at + digits;
    if (end > text.length() || !text.substring(at, end).matches("[0-9a-fA-F]+")) {
      throw lexer.error("a string has a truncated \\x, \\u or \\U escape");
    }
    long codePoint = Long.parseLong(text.substring(at, end), 16);
    if (codePoint > Character.MAX_CODE_POINT) {
      throw lexer.error("a string has an escape beyond Unicode");
    }
    out.appendCodePoint((int) codePoint);
    return end;
  }

  private int named(int at) {
    int end = text.indexOf('}', at);
    if (at >= text.length() || text.charAt(at) != '{' || end < 0) {
      throw lexer.error("a string has a malformed \\N escape");
    }
    try {
      out.appendCodePoint(Character.codePointOf(text.substring(at + 1, end)));
    } catch (IllegalArgumentException e) {
      throw lexer.error("a string names an unknown Unicode character");
    }
    return end + 1;
  }
}
