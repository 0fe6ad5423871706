package dev.hbar.model.template;

import java.util.List;

/** Python's {@code <}. */
final class Order {

  private Order() {}

  /**
   * Applies {@code <}, {@code <=}, {@code >} or {@code >=}.
   *
   * @throws Fault if the types have no order
   */
  static boolean compare(String operator, Object a, Object b) {
    Undefineds.refuse(a, b);
    if (Numbers.isNan(a) && Numbers.isNumber(b) || Numbers.isNan(b) && Numbers.isNumber(a)) {
      return false;
    }
    int order = compare(a, b);
    return switch (operator) {
      case "<" -> order < 0;
      case "<=" -> order <= 0;
      case ">" -> order > 0;
      default -> order >= 0;
    };
  }

  static int compare(Object a, Object b) {
    Budget.enter();
    Undefineds.refuse(a, b);
    int order;
    if (Numbers.isNumber(a) && Numbers.isNumber(b)) {
      order = Numbers.isNan(a) || Numbers.isNan(b) ? 0 : Numbers.compare(a, b);
    } else if (Markup.plain(a) instanceof String left && Markup.plain(b) instanceof String right) {
      order = Text.compare(left, right);
    } else if (a instanceof Sequence left
        && b instanceof Sequence right
        && left.tuple() == right.tuple()) {
      order = compare(left.items(), right.items());
    } else {
      throw new Fault(
          "'<' not supported between instances of '%s' and '%s'"
              .formatted(Types.name(a), Types.name(b)));
    }
    Budget.leave();
    return order;
  }

  private static int compare(List<Object> a, List<Object> b) {
    for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
      if (!Equality.same(a.get(i), b.get(i))) {
        return compare(a.get(i), b.get(i));
      }
    }
    return Integer.compare(a.size(), b.size());
  }
}
