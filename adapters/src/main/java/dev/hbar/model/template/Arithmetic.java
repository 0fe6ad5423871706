package dev.hbar.model.template;

import dev.hbar.model.template.TemplateException.Reason;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;

/** Python's operators + - * / // % **. */
final class Arithmetic {

  /** Bits of the largest integer. */
  static final int MAX_BITS = 1 << 17;

  private static final int EXACT_BITS = 53;

  private Arithmetic() {}

  static Object apply(String operator, Object left, Object right) {
    if (left instanceof Markup || right instanceof Markup) {
      return markup(operator, left, right);
    }
    if (operator.equals("%") && left instanceof String format) {
      return PercentFormat.format(format, right);
    }
    Undefineds.refuse(left, right);
    if (Numbers.isNumber(left) && Numbers.isNumber(right)) {
      return left instanceof Double || right instanceof Double
          ? real(operator, Numbers.real(left), Numbers.real(right))
          : whole(operator, Numbers.integer(left).get(), Numbers.integer(right).get());
    }
    if (operator.equals("+")) {
      return add(left, right);
    }
    if (operator.equals("*")) {
      return repeat(left, right);
    }
    throw unsupported(operator, left, right);
  }

  private static Object markup(String operator, Object left, Object right) {
    if (operator.equals("%") && left instanceof Markup format) {
      return Markup.wrap(PercentFormat.format(format.text(), format.filledWith(right)));
    }
    return switch (operator) {
      case "+" -> Markup.wrap(apply(operator, Markup.escaped(left), Markup.escaped(right)));
      case "*" -> Markup.wrap(apply(operator, Markup.plain(left), Markup.plain(right)));
      default -> apply(operator, Markup.plain(left), Markup.plain(right));
    };
  }

  private static Fault unsupported(String operator, Object left, Object right) {
    return new Fault(
        "unsupported operand type(s) for %s: '%s' and '%s'"
            .formatted(operator, Types.name(left), Types.name(right)));
  }

  private static Object add(Object left, Object right) {
    if (left instanceof String a && right instanceof String b) {
      Budget.charge((long) a.length() + b.length());
      return a + b;
    }
    if (left instanceof Sequence a && right instanceof Sequence b && a.tuple() == b.tuple()) {
      Budget.chargeItems((long) a.size() + b.size());
      List<Object> items = new ArrayList<>(a.size() + b.size());
      items.addAll(a.items());
      items.addAll(b.items());
      return new Sequence(items, a.tuple());
    }
    throw unsupported("+", left, right);
  }

  private static Object repeat(Object left, Object right) {
    Object repeated = Numbers.integer(right).isPresent() ? left : right;
    BigInteger times =
        Numbers.integer(right)
            .or(() -> Numbers.integer(left))
            .orElseThrow(() -> unsupported("*", left, right));
    int count = Math.max(0, Numbers.clamp(times));
    if (repeated instanceof String text) {
      Budget.charge((long) text.length() * count);
      return text.repeat(text.isEmpty() ? 0 : count);
    }
    if (repeated instanceof Sequence sequence) {
      Budget.chargeItems((long) sequence.size() * count);
      List<Object> items = new ArrayList<>(sequence.size() * count);
      for (int i = 0; i < count && sequence.size() > 0; i++) {
        items.addAll(sequence.items());
      }
      return new Sequence(items, sequence.tuple());
    }
    throw unsupported("*", left, right);
  }

  private static Object whole(String operator, BigInteger a, BigInteger b) {
    if (b.signum() == 0 && List.of("/", "//", "%").contains(operator)) {
      throw new Fault("division by zero");
    }
    return switch (operator) {
      case "+" -> bounded(a.add(b));
      case "-" -> bounded(a.subtract(b));
      case "*" -> bounded(a.multiply(b));
      case "/" -> divide(a, b);
      case "//" -> floorDivide(a, b)[0];
      case "%" -> floorDivide(a, b)[1];
      default -> power(a, b);
    };
  }

  private static BigInteger bounded(BigInteger value) {
    if (value.bitLength() > MAX_BITS) {
      throw new Fault(Reason.LIMIT, "an integer has more than " + MAX_BITS + " bits");
    }
    return value;
  }

  private static Double divide(BigInteger a, BigInteger b) {
    if (a.bitLength() <= EXACT_BITS && b.bitLength() <= EXACT_BITS) {
      return a.doubleValue() / b.doubleValue();
    }
    double quotient =
        new BigDecimal(a).divide(new BigDecimal(b), new MathContext(40)).doubleValue();
    if (Double.isInfinite(quotient)) {
      throw new Fault("integer division result too large for a float");
    }
    return quotient;
  }

  static BigInteger[] floorDivide(BigInteger a, BigInteger b) {
    BigInteger[] parts = a.divideAndRemainder(b);
    if (parts[1].signum() != 0 && parts[1].signum() != b.signum()) {
      parts[0] = parts[0].subtract(BigInteger.ONE);
      parts[1] = parts[1].add(b);
    }
    return parts;
  }

  private static Object power(BigInteger base, BigInteger exponent) {
    if (exponent.signum() < 0) {
      return real("**", Numbers.real(base), Numbers.real(exponent));
    }
    if (base.bitLength() <= 1) {
      boolean one =
          base.signum() > 0 || exponent.signum() == 0 || base.signum() < 0 && !exponent.testBit(0);
      if (base.equals(BigInteger.TWO.negate())) {
        return bounded(base.pow(boundedExponent(base, exponent)));
      }
      return one ? BigInteger.ONE : base;
    }
    return bounded(base.pow(boundedExponent(base, exponent)));
  }

  private static int boundedExponent(BigInteger base, BigInteger exponent) {
    if (exponent.bitLength() > 31
        || (long) (base.bitLength() - 1) * exponent.longValue() > MAX_BITS) {
      throw new Fault(Reason.LIMIT, "an integer has more than " + MAX_BITS + " bits");
    }
    return exponent.intValue();
  }

  private static Double real(String operator, double a, double b) {
    if (b == 0 && List.of("/", "//", "%").contains(operator)) {
      throw new Fault("float division by zero");
    }
    return switch (operator) {
      case "+" -> a + b;
      case "-" -> a - b;
      case "*" -> a * b;
      case "/" -> a / b;
      case "//" -> floorDivide(a, b);
      case "%" -> modulo(a, b);
      default -> power(a, b);
    };
  }

  private static double modulo(double a, double b) {
    double rest = a % b;
    if (rest == 0) {
      return Math.copySign(0.0, b);
    }
    return rest < 0 != b < 0 ? rest + b : rest;
  }

  private static double floorDivide(double a, double b) {
    double quotient = (a - modulo(a, b)) / b;
    if (quotient == 0) {
      return Math.copySign(0.0, a / b);
    }
    double floor = Math.floor(quotient);
    return quotient - floor > 0.5 ? floor + 1 : floor;
  }

  private static double power(double a, double b) {
    if (a == 0 && b < 0) {
      throw new Fault("0.0 cannot be raised to a negative power");
    }
    if (a < 0 && b != Math.rint(b)) {
      throw new Fault("a negative number cannot be raised to a fractional power");
    }
    double power = a == 1 ? 1 : Math.pow(a, b);
    if (Double.isInfinite(power) && !Double.isInfinite(a) && !Double.isInfinite(b)) {
      throw new Fault("numerical result out of range");
    }
    return power;
  }

  static Object negate(Object value) {
    Undefineds.refuse(value);
    if (value instanceof Double real) {
      return -real;
    }
    return plus(value).negate();
  }

  static BigInteger plus(Object value) {
    Undefineds.refuse(value);
    return Numbers.integer(value)
        .orElseThrow(
            () -> new Fault("bad operand type for unary +/-: '" + Types.name(value) + "'"));
  }
}
