package dev.hbar.model.grammar;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Numbers within bounds, digit by digit. */
final class NumberRules {
  private static final int FRACTION = 17;
  private static final BigDecimal LARGEST = BigDecimal.TEN.pow(30).subtract(BigDecimal.ONE);

  private final JsonRules json;
  private final Optional<BigDecimal> least;
  private final Optional<BigDecimal> most;
  private final boolean openBelow;
  private final boolean openAbove;
  private final String path;

  NumberRules(JsonNode schema, String path, JsonRules json) {
    this.json = json;
    this.path = path;
    Optional<BigDecimal> above = number(schema, "exclusiveMinimum");
    Optional<BigDecimal> below = number(schema, "exclusiveMaximum");
    Optional<BigDecimal> minimum = number(schema, "minimum");
    Optional<BigDecimal> maximum = number(schema, "maximum");
    this.openBelow =
        above.isPresent() && minimum.map(m -> above.get().compareTo(m) >= 0).orElse(true);
    this.openAbove =
        below.isPresent() && maximum.map(m -> below.get().compareTo(m) <= 0).orElse(true);
    this.least = openBelow ? above : minimum;
    this.most = openAbove ? below : maximum;
  }

  private Optional<BigDecimal> number(JsonNode schema, String keyword) {
    JsonNode value = schema.path(keyword);
    if (value.isMissingNode()) {
      return Optional.empty();
    }
    if (!value.isNumber()) {
      throw new IllegalArgumentException("schema " + path + "/" + keyword + ": must be a number");
    }
    boolean tooLarge = Double.isInfinite(value.doubleValue());
    if (tooLarge || value.decimalValue().abs().compareTo(LARGEST) > 0) {
      throw new IllegalArgumentException(
          "schema " + path + "/" + keyword + ": must be a number of up to 30 digits");
    }
    return Optional.of(value.decimalValue());
  }

  /** Whole numbers within the bounds. */
  Rule integer() {
    if (least.isEmpty() && most.isEmpty()) {
      return json.integer();
    }
    Optional<BigInteger> from =
        least.map(
            bound -> {
              BigInteger up = bound.setScale(0, RoundingMode.CEILING).toBigIntegerExact();
              return openBelow && isWhole(bound) ? up.add(BigInteger.ONE) : up;
            });
    Optional<BigInteger> to =
        most.map(
            bound -> {
              BigInteger down = bound.setScale(0, RoundingMode.FLOOR).toBigIntegerExact();
              return openAbove && isWhole(bound) ? down.subtract(BigInteger.ONE) : down;
            });
    return whole(from, to);
  }

  private static boolean isWhole(BigDecimal number) {
    return number.stripTrailingZeros().scale() <= 0;
  }

  private Rule whole(Optional<BigInteger> from, Optional<BigInteger> to) {
    if (from.isPresent() && to.isPresent() && from.get().compareTo(to.get()) > 0) {
      throw new IllegalArgumentException("schema " + path + "/maximum: is below the least");
    }
    List<Rule> options = new ArrayList<>();
    BigInteger zero = BigInteger.ZERO;
    if (to.isEmpty() || to.get().signum() >= 0) {
      options.add(upward(from.map(bound -> bound.max(zero)).orElse(zero), to));
    }
    if (from.isEmpty() || from.get().signum() < 0) {
      BigInteger nearest = to.map(BigInteger::negate).orElse(BigInteger.ONE).max(BigInteger.ONE);
      options.add(Rule.sequence(Rule.text("-"), upward(nearest, from.map(BigInteger::negate))));
    }
    return Rule.choice(options);
  }

  /** From one number that is not negative to another. */
  private static Rule upward(BigInteger from, Optional<BigInteger> to) {
    String low = from.toString();
    int longest = to.map(bound -> bound.toString().length()).orElse(low.length() + FRACTION);
    List<Rule> options = new ArrayList<>();
    for (int length = low.length(); length <= longest; length++) {
      String begin = length == low.length() ? low : "1" + "0".repeat(length - 1);
      String end = to.isPresent() && length == longest ? to.get().toString() : "9".repeat(length);
      options.add(between(begin, end));
    }
    return Rule.choice(options);
  }

  /** Digits from one text to another of the same length. */
  private static Rule between(String low, String high) {
    int length = low.length();
    // Also the end of it: two branches for each digit would be a million rules.
    if (low.equals("0".repeat(length)) && high.equals("9".repeat(length))) {
      return Rule.repeat(JsonRules.DIGIT, length, length);
    }
    char first = low.charAt(0);
    char last = high.charAt(0);
    String lowRest = low.substring(1);
    String highRest = high.substring(1);
    if (first == last) {
      return Rule.sequence(Rule.range(first, first), between(lowRest, highRest));
    }
    int rest = lowRest.length();
    List<Rule> options = new ArrayList<>();
    options.add(Rule.sequence(Rule.range(first, first), between(lowRest, "9".repeat(rest))));
    if (first + 1 < last) {
      options.add(
          Rule.sequence(Rule.range(first + 1, last - 1), Rule.repeat(JsonRules.DIGIT, rest, rest)));
    }
    options.add(Rule.sequence(Rule.range(last, last), between("0".repeat(rest), highRest)));
    return Rule.choice(options);
  }

  /** Numbers within the bounds: whole ones, and such with a fraction between two of them. */
  Rule number() {
    if (least.isEmpty() && most.isEmpty()) {
      return json.number();
    }
    Rule fraction =
        Rule.sequence(
            Rule.text("."),
            Rule.repeat(Rule.text("0"), 0, FRACTION),
            Rule.range('1', '9'),
            Rule.repeat(JsonRules.DIGIT, 0, FRACTION));
    List<Rule> options = new ArrayList<>();
    if (hasWhole()) {
      options.add(integer());
    }
    // Whole numbers above which a step towards the next one stays within the bounds.
    Optional<BigInteger> from = least.map(NumberRules::up);
    Optional<BigInteger> to = most.map(bound -> down(bound).subtract(BigInteger.ONE));
    BigInteger zero = BigInteger.ZERO;
    if (to.isEmpty() || to.get().compareTo(from.orElse(zero).max(zero)) >= 0) {
      options.add(Rule.sequence(upward(from.orElse(zero).max(zero), to), fraction));
    }
    Optional<BigInteger> farthest = from.map(bound -> bound.negate().subtract(BigInteger.ONE));
    BigInteger nearest = most.map(bound -> down(bound).negate()).orElse(zero).max(zero);
    if (farthest.isEmpty() || farthest.get().compareTo(nearest) >= 0) {
      options.add(Rule.sequence(Rule.text("-"), upward(nearest, farthest), fraction));
    }
    if (options.isEmpty()) {
      throw new IllegalArgumentException(
          "schema " + path + "/maximum: bounds closer than whole numbers are not supported");
    }
    return Rule.choice(options);
  }

  private boolean hasWhole() {
    if (least.isEmpty() || most.isEmpty()) {
      return true;
    }
    BigInteger from = up(least.get());
    BigInteger to = down(most.get());
    BigInteger first = openBelow && isWhole(least.get()) ? from.add(BigInteger.ONE) : from;
    BigInteger last = openAbove && isWhole(most.get()) ? to.subtract(BigInteger.ONE) : to;
    return first.compareTo(last) <= 0;
  }

  private static BigInteger up(BigDecimal bound) {
    return bound.setScale(0, RoundingMode.CEILING).toBigIntegerExact();
  }

  private static BigInteger down(BigDecimal bound) {
    return bound.setScale(0, RoundingMode.FLOOR).toBigIntegerExact();
  }
}
