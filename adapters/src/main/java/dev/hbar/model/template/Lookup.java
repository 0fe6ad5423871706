package dev.hbar.model.template;

import java.math.BigInteger;
import java.util.Optional;

/** Attributes, items and slices of values, in Jinja2's order and with its sandbox. */
final class Lookup {

  private Lookup() {}

  /** {@code target.name}: the attribute, else the item. */
  static Object attribute(Object target, String name) {
    if (target instanceof Markup markup) {
      return markup.attribute(name).orElseGet(() -> Undefined.attribute(target, name));
    }
    Optional<Object> attribute = Attributes.of(target, name);
    if (attribute.isPresent()) {
      return attribute.get();
    }
    Undefineds.refuse(target);
    return itemOnly(target, name).orElseGet(() -> Undefined.attribute(target, name));
  }

  /** {@code target[index]}: the item, else the attribute. */
  static Object item(Object target, Object index) {
    Undefineds.refuse(target);
    if (target instanceof Markup markup) {
      Object at = Markup.plain(index);
      return itemOnly(markup.text(), at)
          .map(Markup::wrap)
          .or(() -> at instanceof String name ? markup.attribute(name) : Optional.empty())
          .orElseGet(() -> Undefined.attribute(target, index));
    }
    return itemOnly(target, Markup.plain(index))
        .or(() -> index instanceof String name ? Attributes.of(target, name) : Optional.empty())
        .orElseGet(() -> Undefined.attribute(target, index));
  }

  private static Optional<Object> itemOnly(Object target, Object index) {
    return switch (target) {
      case Dict dict -> dictItem(dict, index);
      case Sequence sequence ->
          position(index, sequence.size()).map(at -> sequence.items().get(at));
      case String text -> {
        int length = Text.isNarrow(text) ? text.length() : Text.length(text);
        yield position(index, length).map(at -> Text.character(text, at));
      }
      case Group group -> itemOnly(group.pair(), index);
      case Range range -> position(index, range.length()).map(range::get);
      default -> Optional.empty();
    };
  }

  private static Optional<Object> dictItem(Dict dict, Object key) {
    if (!Equality.isHashable(key)) {
      return Optional.empty();
    }
    return Optional.ofNullable(dict.get(key, null));
  }

  private static Optional<Integer> position(Object index, int length) {
    Optional<BigInteger> number = Numbers.integer(index);
    if (number.isEmpty() || number.get().bitLength() > 31) {
      return Optional.empty();
    }
    long at = number.get().longValue();
    long position = at < 0 ? at + length : at;
    return position < 0 || position >= length ? Optional.empty() : Optional.of((int) position);
  }

  /** {@code target[start:stop:step]}. */
  static Object slice(Object target, Object start, Object stop, Object step) {
    Undefineds.refuse(target);
    SliceBounds bounds = SliceBounds.of(start, stop, step);
    return switch (target) {
      case String text -> bounds.of(text);
      case Markup markup -> new Markup(bounds.of(markup.text()));
      case Sequence sequence -> new Sequence(bounds.of(sequence.items()), sequence.tuple());
      case Range range -> bounds.of(range);
      default -> throw new Fault("'" + Types.name(target) + "' object cannot be sliced");
    };
  }
}
