package dev.hbar.model.template;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Filters for numbers. */
final class NumberFilters {

  private static final int MAX_PLACES = 400;

  private NumberFilters() {}

  static void addTo(Map<String, Filters.Filter> filters) {
    filters.put("abs", NumberFilters::abs);
    filters.put("int", NumberFilters::integer);
    filters.put("float", NumberFilters::real);
    filters.put("round", NumberFilters::round);
    filters.put("filesizeformat", NumberFilters::fileSize);
  }

  private static Object abs(Object value, Arguments arguments) {
    arguments.bind("abs");
    if (value instanceof Double real) {
      return Math.abs(real);
    }
    return Numbers.integer(value)
        .map(BigInteger::abs)
        .orElseThrow(() -> new Fault("bad operand type for abs(): '" + Types.name(value) + "'"));
  }

  private static Object integer(Object value, Arguments arguments) {
    Bound bound = arguments.bind("int", "default?", "base?");
    Undefineds.refuse(value);
    Object otherwise = bound.get(0, BigInteger.ZERO);
    if (value instanceof String text) {
      Optional<BigInteger> whole = NumberParser.integer(text, bound.integer(1, 10));
      return whole.isPresent()
          ? whole.get()
          : NumberParser.real(text)
              .filter(real -> !real.isNaN() && !real.isInfinite())
              .<Object>map(Numbers::truncate)
              .orElse(otherwise);
    }
    if (value instanceof Double real) {
      return real.isNaN() ? otherwise : Numbers.truncate(real);
    }
    return Numbers.integer(value).<Object>map(whole -> whole).orElse(otherwise);
  }

  private static Object real(Object value, Arguments arguments) {
    Bound bound = arguments.bind("float", "default?");
    Undefineds.refuse(value);
    Object otherwise = bound.get(0, 0.0);
    if (value instanceof String text) {
      return NumberParser.real(text).<Object>map(real -> real).orElse(otherwise);
    }
    return Numbers.isNumber(value) ? (Object) Numbers.real(value) : otherwise;
  }

  private static Object round(Object value, Arguments arguments) {
    Bound bound = arguments.bind("round", "precision?", "method?");
    int places = bound.integer(0, 0);
    Object method = bound.get(1, "common");
    if (!List.of("common", "ceil", "floor").contains(method)) {
      throw new Fault("method must be common, ceil or floor");
    }
    if (!Numbers.isNumber(value)) {
      throw new Fault("type " + Types.name(value) + " cannot be rounded");
    }
    if (!method.equals("common")) {
      return stepped(value, places, method.equals("ceil"));
    }
    if (value instanceof Double real) {
      return round(real, places);
    }
    BigInteger whole = Numbers.integer(value).orElseThrow();
    if (places >= 0) {
      return whole;
    }
    return places < -MAX_PLACES
        ? BigInteger.ZERO
        : new BigDecimal(whole).setScale(places, RoundingMode.HALF_EVEN).toBigInteger();
  }

  private static Object round(double value, int places) {
    if (Double.isNaN(value) || Double.isInfinite(value) || places > MAX_PLACES) {
      return value;
    }
    if (places < -MAX_PLACES) {
      return Math.copySign(0.0, value);
    }
    double rounded = new BigDecimal(value).setScale(places, RoundingMode.HALF_EVEN).doubleValue();
    return Math.copySign(rounded, value);
  }

  private static Object stepped(Object value, int places, boolean up) {
    Object scale = Arithmetic.apply("**", BigInteger.TEN, BigInteger.valueOf(places));
    Object scaled = Arithmetic.apply("*", value, scale);
    BigInteger whole =
        scaled instanceof Double real
            ? Numbers.truncate(up ? Math.ceil(real) : Math.floor(real))
            : Numbers.integer(scaled).orElseThrow();
    return Arithmetic.apply("/", whole, scale);
  }

  private static Object fileSize(Object value, Arguments arguments) {
    boolean binary = arguments.bind("filesizeformat", "binary?").truth(0, false);
    Undefineds.refuse(value);
    double bytes =
        value instanceof String text
            ? NumberParser.real(text).orElseThrow(() -> new Fault("could not convert to float"))
            : Numbers.isNumber(value) ? Numbers.real(value) : notANumber(value);
    double base = binary ? 1024 : 1000;
    if (bytes == 1) {
      return "1 Byte";
    }
    if (bytes < base) {
      return Repr.integer(Numbers.truncate(bytes)) + " Bytes";
    }
    String units = "kMGTPEZY";
    double unit = base * base;
    int at = 0;
    while (bytes >= unit && at < units.length() - 1) {
      unit *= base;
      at++;
    }
    String prefix =
        binary ? CaseMethods.upper(units.substring(at, at + 1)) + "i" : units.substring(at, at + 1);
    return NumberText.format(base * bytes / unit, 'f', 1, false) + " " + prefix + "B";
  }

  private static double notANumber(Object value) {
    throw new Fault("float() argument must be a string or a number, not " + Types.name(value));
  }
}
