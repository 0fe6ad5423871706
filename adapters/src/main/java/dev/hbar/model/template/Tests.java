package dev.hbar.model.template;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/** Jinja2's tests. */
final class Tests {

  @FunctionalInterface
  private interface Test {
    Object apply(Object value, Arguments arguments);
  }

  private static final Map<String, Test> ALL = all();

  private Tests() {}

  static boolean exists(String name) {
    return ALL.containsKey(name);
  }

  static Object apply(String name, Object value, Arguments arguments) {
    Test test = ALL.get(name);
    if (test == null) {
      throw new Fault("there is no test named '" + name + "'");
    }
    return name.equals("escaped")
        ? value instanceof Markup
        : test.apply(Markup.plain(value), arguments);
  }

  private static Map<String, Test> all() {
    Map<String, Test> tests = new HashMap<>();
    types(tests);
    values(tests);
    comparisons(tests);
    return Map.copyOf(tests);
  }

  private static void plain(Map<String, Test> tests, String name, Predicate<Object> test) {
    tests.put(
        name,
        (value, arguments) -> {
          arguments.bind(name);
          return test.test(value);
        });
  }

  private static void types(Map<String, Test> tests) {
    plain(tests, "defined", value -> !(value instanceof Undefined));
    plain(tests, "undefined", value -> value instanceof Undefined);
    plain(tests, "none", value -> value == None.NONE);
    plain(tests, "boolean", value -> value instanceof Boolean);
    plain(tests, "integer", value -> value instanceof BigInteger);
    plain(tests, "float", value -> value instanceof Double);
    plain(tests, "number", Numbers::isNumber);
    plain(tests, "string", value -> value instanceof String);
    plain(tests, "mapping", value -> value instanceof Dict);
    plain(tests, "iterable", Iteration::isIterable);
    plain(tests, "sequence", Tests::isSequence);
    plain(tests, "callable", value -> value instanceof Callable || value instanceof Undefined);
    plain(tests, "escaped", _ -> false);
  }

  private static boolean isSequence(Object value) {
    return switch (value) {
      case String _, Sequence _, Dict _, Range _, Undefined _, Group _ -> true;
      default -> false;
    };
  }

  private static void values(Map<String, Test> tests) {
    plain(tests, "true", value -> Boolean.TRUE.equals(value));
    plain(tests, "false", value -> Boolean.FALSE.equals(value));
    plain(tests, "odd", value -> isRest(value, BigInteger.TWO, BigInteger.ONE));
    plain(tests, "even", value -> isRest(value, BigInteger.TWO, BigInteger.ZERO));
    plain(tests, "lower", value -> CaseMethods.isLower(Repr.str(value)));
    plain(tests, "upper", value -> CaseMethods.isUpper(Repr.str(value)));
    plain(tests, "filter", value -> Filters.exists(name(value)));
    plain(tests, "test", value -> exists(name(value)));
    tests.put(
        "divisibleby",
        (value, arguments) ->
            isRest(value, arguments.bind("divisibleby", "num").get(0), BigInteger.ZERO));
    tests.put(
        "sameas", (value, arguments) -> isSame(value, arguments.bind("sameas", "other").get(0)));
  }

  private static String name(Object value) {
    Equality.key(value);
    return value instanceof String name ? name : "";
  }

  private static boolean isRest(Object value, Object divisor, BigInteger rest) {
    return Equality.equal(Arithmetic.apply("%", value, divisor), rest);
  }

  private static boolean isSame(Object value, Object other) {
    boolean scalar =
        value instanceof String || value instanceof Boolean || value instanceof BigInteger;
    return value == other || scalar && value.equals(other);
  }

  private static void comparisons(Map<String, Test> tests) {
    Map.of("eq", "==", "equalto", "==", "ne", "!=", "in", "in")
        .forEach((name, operator) -> comparison(tests, name, operator));
    Map.of("gt", ">", "greaterthan", ">", "ge", ">=", "lt", "<", "lessthan", "<", "le", "<=")
        .forEach((name, operator) -> comparison(tests, name, operator));
    for (String operator : new String[] {"==", "!=", "<", "<=", ">", ">="}) {
      comparison(tests, operator, operator);
    }
  }

  private static void comparison(Map<String, Test> tests, String name, String operator) {
    tests.put(
        name,
        (value, arguments) ->
            Evaluator.holds(operator, value, arguments.bind(name, "other").get(0)));
  }
}
