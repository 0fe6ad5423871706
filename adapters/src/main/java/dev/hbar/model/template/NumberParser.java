package dev.hbar.model.template;

import java.math.BigInteger;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Python's int(text) and float(text). */
final class NumberParser {

  private static final Pattern FLOAT =
      Pattern.compile(
          "[+-]?(?:[0-9]+(?:_[0-9]+)*\\.?(?:[0-9]+(?:_[0-9]+)*)?|\\.[0-9]+(?:_[0-9]+)*)"
              + "(?:[eE][+-]?[0-9]+(?:_[0-9]+)*)?");
  private static final Pattern WORD = Pattern.compile("[+-]?(?:nan|inf|infinity)");
  private static final Pattern DIGITS = Pattern.compile("[0-9a-z]+(?:_[0-9a-z]+)*");
  private static final int MAX_DIGITS = 4300;

  private NumberParser() {}

  static Optional<Double> real(String text) {
    String stripped = Text.stripStart(Text.stripEnd(text)).toLowerCase(Locale.ROOT);
    if (WORD.matcher(stripped).matches()) {
      double size = stripped.endsWith("nan") ? Double.NaN : Double.POSITIVE_INFINITY;
      return Optional.of(stripped.startsWith("-") ? -size : size);
    }
    if (stripped.length() > MAX_DIGITS || !FLOAT.matcher(stripped).matches()) {
      return Optional.empty();
    }
    return Optional.of(Double.parseDouble(stripped.replace("_", "")));
  }

  static Optional<BigInteger> integer(String text, int base) {
    String stripped = Text.stripStart(Text.stripEnd(text)).toLowerCase(Locale.ROOT);
    boolean negative = stripped.startsWith("-");
    String digits = negative || stripped.startsWith("+") ? stripped.substring(1) : stripped;
    int radix = base;
    int prefixed = prefix(digits);
    if (prefixed > 0 && (base == 0 || base == prefixed)) {
      radix = prefixed;
      digits = digits.substring(digits.startsWith("_", 2) ? 3 : 2);
    } else if (base == 0) {
      radix = 10;
      if (digits.matches("0[0-9_]*[1-9][0-9_]*")) {
        return Optional.empty();
      }
    }
    if (radix < 2
        || radix > 36
        || digits.length() > MAX_DIGITS
        || !DIGITS.matcher(digits).matches()) {
      return Optional.empty();
    }
    String plain = digits.replace("_", "");
    for (int i = 0; i < plain.length(); i++) {
      if (Character.digit(plain.charAt(i), radix) < 0) {
        return Optional.empty();
      }
    }
    BigInteger value = new BigInteger(plain, radix);
    return Optional.of(negative ? value.negate() : value);
  }

  private static int prefix(String digits) {
    if (digits.length() < 3 || digits.charAt(0) != '0') {
      return 0;
    }
    return switch (digits.charAt(1)) {
      case 'x' -> 16;
      case 'o' -> 8;
      case 'b' -> 2;
      default -> 0;
    };
  }
}
