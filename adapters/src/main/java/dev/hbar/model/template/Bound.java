package dev.hbar.model.template;

import java.math.BigInteger;
import java.util.List;
import java.util.Objects;

/** Arguments sorted by parameter. */
final class Bound {

  private final String function;
  private final Object[] values;

  Bound(String function, Object... values) {
    this.function = function;
    this.values = values.clone();
  }

  boolean has(int index) {
    return values[index] != null;
  }

  Object get(int index) {
    return Objects.requireNonNull(values[index], "a parameter without default");
  }

  Object get(int index, Object otherwise) {
    return values[index] == null ? otherwise : values[index];
  }

  boolean isNone(int index) {
    return values[index] == null || values[index] == None.NONE;
  }

  boolean truth(int index, boolean otherwise) {
    return values[index] == null ? otherwise : Truth.of(values[index]);
  }

  String text(int index) {
    if (values[index] instanceof String text) {
      return text;
    }
    throw new Fault(function + "() wants text, got " + Types.name(get(index)));
  }

  String text(int index, String otherwise) {
    return values[index] == null ? otherwise : text(index);
  }

  int integer(int index, int otherwise) {
    return values[index] == null ? otherwise : integer(index);
  }

  int integer(int index) {
    return Numbers.clamp(bigInteger(index));
  }

  BigInteger bigInteger(int index) {
    Object value = get(index);
    if (value instanceof Undefined undefined) {
      throw undefined.used();
    }
    return Numbers.integer(value)
        .orElseThrow(() -> new Fault(function + "() wants an integer, got " + Types.name(value)));
  }

  List<Object> list(int index) {
    return Iteration.list(get(index));
  }
}
