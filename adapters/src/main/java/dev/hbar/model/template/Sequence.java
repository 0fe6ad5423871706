package dev.hbar.model.template;

import java.util.List;

/**
 * A list or a tuple. Never changed after it was made, as the sandbox refuses every method that
 * would.
 *
 * @param tuple whether it is a tuple
 */
record Sequence(List<Object> items, boolean tuple) {

  static Sequence list(List<Object> items) {
    return new Sequence(items, false);
  }

  static Sequence tuple(List<Object> items) {
    return new Sequence(items, true);
  }

  static Sequence pair(Object first, Object second) {
    return new Sequence(List.of(first, second), true);
  }

  int size() {
    return items.size();
  }
}
