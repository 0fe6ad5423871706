package dev.hbar.model.template;

import java.math.BigInteger;

/** What counts as true. */
final class Truth {

  private Truth() {}

  static boolean of(Object value) {
    return switch (value) {
      case None _, Undefined _ -> false;
      case Boolean flag -> flag;
      case BigInteger number -> number.signum() != 0;
      case Double number -> number != 0;
      case String text -> !text.isEmpty();
      case Markup markup -> !markup.text().isEmpty();
      case Sequence sequence -> sequence.size() > 0;
      case Dict dict -> dict.size() > 0;
      case DictView view -> view.dict().size() > 0;
      case Range range -> range.length() > 0;
      case Loop loop -> loop.length() > 0;
      default -> true;
    };
  }
}
