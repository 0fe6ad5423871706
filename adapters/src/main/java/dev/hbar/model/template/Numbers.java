package dev.hbar.model.template;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Optional;

/** Booleans, integers and floats as numbers. */
final class Numbers {

  private Numbers() {}

  static boolean isNumber(Object value) {
    return value instanceof BigInteger || value instanceof Double || value instanceof Boolean;
  }

  static boolean isNan(Object value) {
    return value instanceof Double number && number.isNaN();
  }

  /** The value of an int or bool. */
  static Optional<BigInteger> integer(Object value) {
    return switch (value) {
      case BigInteger number -> Optional.of(number);
      case Boolean flag -> Optional.of(flag ? BigInteger.ONE : BigInteger.ZERO);
      default -> Optional.empty();
    };
  }

  /** The float of a number; an integer may be too large for one. */
  static double real(Object number) {
    if (number instanceof Double real) {
      return real;
    }
    double real = integer(number).orElseThrow().doubleValue();
    if (Double.isInfinite(real)) {
      throw new Fault("int too large to convert to float");
    }
    return real;
  }

  static int compare(Object a, Object b) {
    if (a instanceof Double || b instanceof Double) {
      if (isInfinite(a) || isInfinite(b)) {
        return Double.compare(widened(a), widened(b));
      }
      return exact(a).compareTo(exact(b));
    }
    return integer(a).orElseThrow().compareTo(integer(b).orElseThrow());
  }

  private static boolean isInfinite(Object value) {
    return value instanceof Double number && number.isInfinite();
  }

  private static double widened(Object value) {
    return value instanceof Double number ? number : integer(value).orElseThrow().signum();
  }

  private static BigDecimal exact(Object value) {
    return value instanceof Double number
        ? new BigDecimal(number)
        : new BigDecimal(integer(value).orElseThrow());
  }

  /** The nearest int, for positions and counts that reach beyond everything anyway. */
  static int clamp(BigInteger value) {
    return value.bitLength() < 31
        ? value.intValue()
        : value.signum() < 0 ? -Integer.MAX_VALUE : Integer.MAX_VALUE;
  }

  /** The whole part of a float. */
  static BigInteger truncate(double value) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      throw new Fault("cannot convert float infinity or NaN to integer");
    }
    return new BigDecimal(value).toBigInteger();
  }
}
