package dev.hbar.model.template;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** Python's == and what it takes for one key. */
final class Equality {

  private record TupleKey(List<Object> items) {}

  private Equality() {}

  static boolean equal(Object a, Object b) {
    Budget.enter();
    boolean equal =
        switch (Markup.plain(a)) {
          case String text -> text.equals(Markup.plain(b));
          case Undefined _ -> b instanceof Undefined;
          case Sequence left -> b instanceof Sequence right && equal(left, right);
          case Dict left -> b instanceof Dict right && equal(left, right);
          case Range left -> b instanceof Range right && equal(left, right);
          case DictView left -> b instanceof DictView right && equal(left, right);
          default -> Numbers.isNumber(a) ? equalNumbers(a, b) : a == b;
        };
    Budget.leave();
    return equal;
  }

  private static boolean equalNumbers(Object a, Object b) {
    return Numbers.isNumber(b)
        && !Numbers.isNan(a)
        && !Numbers.isNan(b)
        && Numbers.compare(a, b) == 0;
  }

  private static boolean equal(Sequence a, Sequence b) {
    if (a.tuple() != b.tuple() || a.size() != b.size()) {
      return false;
    }
    for (int i = 0; i < a.size(); i++) {
      if (!same(a.items().get(i), b.items().get(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean equal(Dict a, Dict b) {
    if (a.size() != b.size()) {
      return false;
    }
    for (Object key : a.keys()) {
      if (!b.has(key) || !same(a.get(key, None.NONE), b.get(key, None.NONE))) {
        return false;
      }
    }
    return true;
  }

  private static boolean equal(Range a, Range b) {
    int length = a.length();
    return length == b.length()
        && (length == 0 || a.start() == b.start())
        && (length < 2 || a.step() == b.step());
  }

  private static boolean equal(DictView a, DictView b) {
    if (a.kind() != b.kind() || a.kind() == DictView.Kind.VALUES) {
      return a.dict() == b.dict() && a == b;
    }
    return a.dict().size() == b.dict().size()
        && a.list().stream().allMatch(item -> Iteration.contains(b, item));
  }

  /** Containers find an item that is itself even where it is not equal to itself. */
  static boolean same(Object a, Object b) {
    return a == b || equal(a, b);
  }

  static boolean isHashable(Object value) {
    return switch (value) {
      case Sequence sequence ->
          sequence.tuple() && sequence.items().stream().allMatch(Equality::isHashable);
      case Dict _, Group _ -> false;
      case DictView view -> view.kind() == DictView.Kind.VALUES;
      default -> true;
    };
  }

  /** An object that equals and hashes as Python's keys do. */
  static Object key(Object value) {
    return switch (value) {
      case Boolean flag -> flag ? BigInteger.ONE : BigInteger.ZERO;
      case Double number -> key(number);
      case Undefined _ -> Undefined.class;
      case Markup markup -> markup.text();
      case Sequence sequence when sequence.tuple() -> tupleKey(sequence);
      case Group group -> tupleKey(group.pair());
      case Sequence _, Dict _, DictView _ when !isHashable(value) ->
          throw new Fault("unhashable type: '" + Types.name(value) + "'");
      default -> value;
    };
  }

  private static Object key(Double number) {
    if (number.isNaN() || number.isInfinite() || number != Math.rint(number)) {
      return number;
    }
    return new BigDecimal(number).toBigInteger();
  }

  private static Object tupleKey(Sequence tuple) {
    Budget.enter();
    List<Object> items = new ArrayList<>(tuple.size());
    tuple.items().forEach(item -> items.add(key(item)));
    Budget.leave();
    return new TupleKey(items);
  }
}
