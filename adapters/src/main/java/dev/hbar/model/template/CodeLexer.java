package dev.hbar.model.template;

import dev.hbar.model.template.Token.Kind;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The tokens inside one tag. */
final class CodeLexer {

  private static final Pattern FLOAT =
      Pattern.compile(
          "(?:[0-9]+_)*[0-9]+(?:(?:\\.(?:[0-9]+_)*[0-9]+)?[eE][+-]?(?:[0-9]+_)*[0-9]+"
              + "|\\.(?:[0-9]+_)*[0-9]+)");
  private static final Pattern INTEGER =
      Pattern.compile(
          "0[bB](?:_?[01]+)+|0[oO](?:_?[0-7]+)+|0[xX](?:_?[0-9a-fA-F]+)+"
              + "|[1-9][0-9]*(?:_[0-9]+)*|0+(?:_0+)*");
  private static final List<String> DOUBLE_OPERATORS = List.of("**", "//", "==", "!=", ">=", "<=");
  private static final String SINGLE_OPERATORS = "+-/*%~[](){}><=.:|,;";
  private static final int MAX_DIGITS = 4300;

  private final String source;
  private final Lexer lexer;
  private final Deque<String> open = new ArrayDeque<>();

  CodeLexer(String source, Lexer lexer) {
    this.source = source;
    this.lexer = lexer;
  }

  /** Reads up to and with the end of the tag; the place after it. */
  int run(int from, Kind end) {
    int at = from;
    while (at < source.length()) {
      int ended = open.isEmpty() ? lexer.endOf(end, at) : -1;
      if (ended >= 0) {
        return ended;
      }
      at = token(at);
    }
    return at;
  }

  private int token(int at) {
    char c = source.charAt(at);
    if (Text.isSpace(c)) {
      lexer.countLines(String.valueOf(c));
      return at + 1;
    }
    if (c >= '0' && c <= '9') {
      return number(at);
    }
    int codePoint = source.codePointAt(at);
    if (codePoint == '_' || Character.isUnicodeIdentifierPart(codePoint)) {
      return name(at);
    }
    return c == '"' || c == '\'' ? string(at) : operator(at);
  }

  private int number(int at) {
    Matcher real = FLOAT.matcher(source).region(at, source.length());
    if ((at == 0 || source.charAt(at - 1) != '.') && real.lookingAt()) {
      lexer.add(Kind.FLOAT, Double.valueOf(real.group().replace("_", "")));
      return real.end();
    }
    Matcher whole = INTEGER.matcher(source).region(at, source.length());
    if (!whole.lookingAt()) {
      throw lexer.error("unexpected digit");
    }
    String digits = whole.group().replace("_", "");
    int radix = radix(digits);
    if (radix == 10 && digits.length() > MAX_DIGITS) {
      throw lexer.error("a number has more than " + MAX_DIGITS + " digits");
    }
    lexer.add(Kind.INTEGER, new BigInteger(radix == 10 ? digits : digits.substring(2), radix));
    return whole.end();
  }

  private static int radix(String digits) {
    if (digits.length() < 2) {
      return 10;
    }
    return switch (digits.charAt(1)) {
      case 'x', 'X' -> 16;
      case 'o', 'O' -> 8;
      case 'b', 'B' -> 2;
      default -> 10;
    };
  }

  private int name(int at) {
    int end = at;
    while (end < source.length()) {
      int codePoint = source.codePointAt(end);
      if (codePoint != '_' && !Character.isUnicodeIdentifierPart(codePoint)) {
        break;
      }
      end += Character.charCount(codePoint);
    }
    int first = source.codePointAt(at);
    if (first != '_' && !Character.isUnicodeIdentifierStart(first)) {
      throw lexer.error("a name begins with a character that names cannot begin with");
    }
    lexer.add(Kind.NAME, source.substring(at, end));
    return end;
  }

  private int string(int at) {
    char quote = source.charAt(at);
    int end = at + 1;
    while (end < source.length() && source.charAt(end) != quote) {
      end += source.charAt(end) == '\\' ? 2 : 1;
    }
    if (end >= source.length()) {
      throw lexer.error("unexpected char " + quote);
    }
    String inner = source.substring(at + 1, end);
    lexer.add(Kind.STRING, StringLiteral.unescape(inner, lexer));
    lexer.countLines(inner);
    return end + 1;
  }

  private int operator(int at) {
    for (String operator : DOUBLE_OPERATORS) {
      if (source.startsWith(operator, at)) {
        lexer.add(Kind.OPERATOR, operator);
        return at + 2;
      }
    }
    String operator = source.substring(at, at + 1);
    if (SINGLE_OPERATORS.indexOf(operator.charAt(0)) < 0) {
      throw lexer.error("unexpected char " + Repr.quoted(operator));
    }
    balance(operator);
    lexer.add(Kind.OPERATOR, operator);
    return at + 1;
  }

  private void balance(String operator) {
    switch (operator) {
      case "{" -> open.push("}");
      case "(" -> open.push(")");
      case "[" -> open.push("]");
      case "}", ")", "]" -> {
        if (open.isEmpty() || !open.pop().equals(operator)) {
          throw lexer.error("unexpected '" + operator + "'");
        }
      }
      default -> {
        // Not a bracket.
      }
    }
  }
}
