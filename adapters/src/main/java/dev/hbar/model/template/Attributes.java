package dev.hbar.model.template;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The attributes that values of a type have, before items are looked at. */
final class Attributes {

  private static final Set<String> LIST_CHANGES =
      Set.of("append", "clear", "pop", "reverse", "insert", "sort", "extend", "remove");
  private static final Set<String> DICT_CHANGES =
      Set.of("clear", "pop", "popitem", "setdefault", "update");

  /** Names that every Python object has; the sandbox lets none through. */
  private static final Set<String> OBJECT =
      Set.of(
          "__class__",
          "__delattr__",
          "__dir__",
          "__doc__",
          "__eq__",
          "__format__",
          "__ge__",
          "__getattribute__",
          "__getstate__",
          "__gt__",
          "__hash__",
          "__init__",
          "__init_subclass__",
          "__le__",
          "__lt__",
          "__ne__",
          "__new__",
          "__reduce__",
          "__reduce_ex__",
          "__repr__",
          "__setattr__",
          "__sizeof__",
          "__str__",
          "__subclasshook__");

  private Attributes() {}

  static Optional<Object> of(Object target, String name) {
    if (target instanceof Namespace namespace) {
      return Optional.ofNullable(namespace.attributes().get(name, null));
    }
    if (OBJECT.contains(name)) {
      return Optional.of(unsafe(target, name));
    }
    return switch (target) {
      case String text -> StringMethods.of(text, name);
      case Dict dict ->
          DICT_CHANGES.contains(name)
              ? Optional.of(unsafe(target, name))
              : DictMethods.of(dict, name);
      case Sequence sequence ->
          !sequence.tuple() && LIST_CHANGES.contains(name)
              ? Optional.of(unsafe(target, name))
              : ListMethods.of(sequence.items(), name, sequence.tuple());
      case Range range -> ListMethods.ofRange(range, name);
      case Loop loop -> loop.attribute(name);
      case Macro macro -> macro.attribute(name);
      case Cycler cycler -> cycler.attribute(name);
      case Group group -> group.attribute(name);
      case Undefined undefined -> {
        if (name.startsWith("__") && name.endsWith("__")) {
          yield Optional.empty();
        }
        throw undefined.used();
      }
      default -> number(target, name);
    };
  }

  private static Undefined unsafe(Object target, String name) {
    return new Undefined(
        "access to attribute %s of '%s' object is unsafe"
            .formatted(Repr.quoted(name), Types.name(target)));
  }

  /** A method that templates only ask for. */
  private static Function refused(String name) {
    return new Function(
        "method " + name,
        _ -> {
          throw new Fault("the method '" + name + "' is not supported");
        });
  }

  private static Optional<Object> number(Object target, String name) {
    if (target instanceof Double real) {
      return Optional.ofNullable(
          switch (name) {
            case "real" -> real;
            case "imag" -> 0.0;
            case "is_integer" ->
                new Function(
                    "method is_integer", _ -> real == Math.rint(real) && !real.isInfinite());
            case "conjugate" -> new Function("method conjugate", _ -> real);
            case "as_integer_ratio", "fromhex", "hex" -> refused(name);
            default -> null;
          });
    }
    Optional<BigInteger> whole = Numbers.integer(target);
    return whole.map(
        number ->
            switch (name) {
              case "real", "numerator" -> number;
              case "imag" -> BigInteger.ZERO;
              case "denominator" -> BigInteger.ONE;
              case "bit_length" ->
                  new Function(
                      "method bit_length", _ -> BigInteger.valueOf(number.abs().bitLength()));
              case "bit_count" ->
                  new Function(
                      "method bit_count", _ -> BigInteger.valueOf(number.abs().bitCount()));
              case "conjugate" -> new Function("method conjugate", _ -> number);
              case "as_integer_ratio" ->
                  new Function(
                      "method as_integer_ratio",
                      _ -> Sequence.tuple(List.of(number, BigInteger.ONE)));
              case "from_bytes", "to_bytes" -> refused(name);
              default -> null;
            });
  }
}
