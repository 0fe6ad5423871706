package dev.hbar.model.template;

import java.math.BigDecimal;

/** Floats as Python prints them. */
final class FloatText {

  private static final int LARGEST_PLAIN = 16;
  private static final int SMALLEST_PLAIN = -4;

  private FloatText() {}

  static String repr(double value) {
    if (Double.isNaN(value)) {
      return "nan";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }
    String sign = 1 / value < 0 || value < 0 ? "-" : "";
    if (value == 0) {
      return sign + "0.0";
    }
    BigDecimal shortest = new BigDecimal(Double.toString(Math.abs(value))).stripTrailingZeros();
    String digits = shortest.unscaledValue().toString();
    int exponent = digits.length() - shortest.scale() - 1;
    return sign
        + (exponent < SMALLEST_PLAIN || exponent >= LARGEST_PLAIN
            ? scientific(digits, exponent)
            : plain(shortest));
  }

  private static String plain(BigDecimal value) {
    String text = value.toPlainString();
    return text.indexOf('.') < 0 ? text + ".0" : text;
  }

  private static String scientific(String digits, int exponent) {
    String mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
    return mantissa + "e" + exponent(exponent);
  }

  /** An exponent with sign and at least two digits. */
  static String exponent(int exponent) {
    String digits = Integer.toString(Math.abs(exponent));
    return (exponent < 0 ? "-" : "+") + (digits.length() < 2 ? "0" + digits : digits);
  }
}
