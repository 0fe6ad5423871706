package dev.hbar.model.template;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The methods of lists, tuples and ranges that change nothing. */
final class ListMethods {

  private ListMethods() {}

  static Optional<Object> of(List<Object> items, String name, boolean tuple) {
    Callable body =
        switch (name) {
          case "index" -> arguments -> index(items, arguments);
          case "count" -> arguments -> count(items, arguments);
          case "copy" -> tuple ? null : arguments -> copy(items, arguments);
          default -> null;
        };
    return body == null
        ? Optional.empty()
        : Optional.of(new Function("built-in method " + name + " of list object", body));
  }

  static Optional<Object> ofRange(Range range, String name) {
    return switch (name) {
      case "start" -> Optional.of(BigInteger.valueOf(range.start()));
      case "stop" -> Optional.of(BigInteger.valueOf(range.stop()));
      case "step" -> Optional.of(BigInteger.valueOf(range.step()));
      default -> of(range.list(), name, true);
    };
  }

  private static Object index(List<Object> items, Arguments arguments) {
    Bound bound = arguments.positionalOnly("index", "value", "start?", "stop?");
    int size = items.size();
    int start = Math.max(0, fromEnd(bound.integer(1, 0), size));
    int stop = Math.min(size, fromEnd(bound.integer(2, size), size));
    for (int i = start; i < stop; i++) {
      if (Equality.same(items.get(i), bound.get(0))) {
        return BigInteger.valueOf(i);
      }
    }
    throw new Fault(Repr.shortRepr(bound.get(0)) + " is not in list");
  }

  private static int fromEnd(int index, int size) {
    return index < 0 ? index + size : index;
  }

  private static Object count(List<Object> items, Arguments arguments) {
    Object value = arguments.positionalOnly("count", "value").get(0);
    return BigInteger.valueOf(items.stream().filter(item -> Equality.same(item, value)).count());
  }

  private static Object copy(List<Object> items, Arguments arguments) {
    arguments.positionalOnly("copy");
    Budget.chargeItems(items.size());
    return Sequence.list(new ArrayList<>(items));
  }
}
