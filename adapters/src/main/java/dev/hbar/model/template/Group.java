package dev.hbar.model.template;

import java.util.Optional;

/** One group of the filter groupby: a pair whose parts have names too. */
record Group(Object grouper, Sequence list) {

  Sequence pair() {
    return Sequence.pair(grouper, list);
  }

  Optional<Object> attribute(String name) {
    return switch (name) {
      case "grouper" -> Optional.of(grouper);
      case "list" -> Optional.of(list);
      default -> ListMethods.of(pair().items(), name, true);
    };
  }
}
