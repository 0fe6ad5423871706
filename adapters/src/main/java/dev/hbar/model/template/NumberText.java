package dev.hbar.model.template;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** A float in one of C's forms e, f and g, without sign. */
final class NumberText {

  private static final int MAX_PRECISION = 100_000;

  private NumberText() {}

  /**
   * Formats a finite float of at least zero.
   *
   * @param form e, f or g, in either case
   * @param alternate whether g keeps zeros at the end
   */
  static String format(double value, char form, int precision, boolean alternate) {
    if (precision > MAX_PRECISION) {
      throw new Fault("precision too big");
    }
    Budget.charge(precision);
    String text =
        switch (Character.toLowerCase(form)) {
          case 'e' -> scientific(value, precision, alternate);
          case 'f' -> fixed(value, precision, alternate);
          default -> general(value, precision == 0 ? 1 : precision, alternate);
        };
    return Character.isUpperCase(form) ? CaseMethods.upper(text) : text;
  }

  private static String fixed(double value, int precision, boolean alternate) {
    String text = new BigDecimal(value).setScale(precision, RoundingMode.HALF_EVEN).toPlainString();
    return alternate && precision == 0 ? text + "." : text;
  }

  private static BigDecimal rounded(double value, int digits) {
    return new BigDecimal(value).round(new MathContext(digits, RoundingMode.HALF_EVEN));
  }

  private static int exponent(BigDecimal rounded) {
    return rounded.signum() == 0 ? 0 : rounded.precision() - rounded.scale() - 1;
  }

  private static String scientific(double value, int precision, boolean alternate) {
    BigDecimal rounded = rounded(value, precision + 1);
    int exponent = exponent(rounded);
    String digits = rounded.signum() == 0 ? "0" : rounded.unscaledValue().toString();
    String all =
        (digits + "0".repeat(Math.max(0, precision + 1 - digits.length())))
            .substring(0, precision + 1);
    String mantissa =
        precision == 0 ? all + (alternate ? "." : "") : all.charAt(0) + "." + all.substring(1);
    return mantissa + "e" + FloatText.exponent(exponent);
  }

  private static String general(double value, int precision, boolean alternate) {
    int exponent = exponent(rounded(value, precision));
    if (exponent >= -4 && exponent < precision) {
      String text = fixed(value, precision - 1 - exponent, alternate);
      return alternate ? text : withoutZeros(text);
    }
    String text = scientific(value, precision - 1, alternate);
    int e = text.indexOf('e');
    return alternate ? text : withoutZeros(text.substring(0, e)) + text.substring(e);
  }

  private static String withoutZeros(String text) {
    if (text.indexOf('.') < 0) {
      return text;
    }
    int end = text.length();
    while (text.charAt(end - 1) == '0') {
      end--;
    }
    return text.substring(0, text.charAt(end - 1) == '.' ? end - 1 : end);
  }
}
