package dev.hbar.model.template;

import java.util.List;
import java.util.Optional;

/** The global {@code cycler}. */
final class Cycler {

  private final List<Object> items;
  private int position;

  Cycler(List<Object> items) {
    if (items.isEmpty()) {
      throw new Fault("at least one item has to be provided");
    }
    this.items = items;
  }

  Optional<Object> attribute(String name) {
    return switch (name) {
      case "current" -> Optional.of(items.get(position));
      case "next" -> Optional.of(new Function("cycler.next", _ -> next()));
      case "reset" -> Optional.of(new Function("cycler.reset", _ -> reset()));
      default -> Optional.empty();
    };
  }

  private Object next() {
    Object current = items.get(position);
    position = (position + 1) % items.size();
    return current;
  }

  private Object reset() {
    position = 0;
    return None.NONE;
  }
}
