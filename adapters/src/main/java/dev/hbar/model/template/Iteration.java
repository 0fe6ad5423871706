package dev.hbar.model.template;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Walking values, their length and what they contain. */
final class Iteration {

  private Iteration() {}

  static boolean isIterable(Object value) {
    return switch (value) {
      case String _,
          Sequence _,
          Dict _,
          DictView _,
          Range _,
          Stream _,
          Undefined _,
          Loop _,
          Group _,
          Markup _ ->
          true;
      default -> false;
    };
  }

  static Iterator<Object> iterator(Object value) {
    return switch (value) {
      case Stream stream -> stream.items();
      case Loop loop -> loop.pairs();
      default -> known(value).iterator();
    };
  }

  /** The items of a value in a list; a stream is used up. */
  static List<Object> list(Object value) {
    if (!(value instanceof Stream) && !(value instanceof Loop)) {
      return known(value);
    }
    List<Object> items = new ArrayList<>();
    iterator(value)
        .forEachRemaining(
            item -> {
              Budget.chargeItems(1);
              items.add(item);
            });
    return items;
  }

  private static List<Object> known(Object value) {
    return switch (Markup.plain(value)) {
      case Sequence sequence -> sequence.items();
      case String text -> Text.characters(text);
      case Dict dict -> dict.keys();
      case DictView view -> view.list();
      case Range range -> range.list();
      case Group group -> group.pair().items();
      case Undefined _ -> List.of();
      default -> throw new Fault("'" + Types.name(value) + "' object is not iterable");
    };
  }

  static boolean hasLength(Object value) {
    return isIterable(value) && !(value instanceof Stream);
  }

  static BigInteger length(Object value) {
    return BigInteger.valueOf(
        switch (value) {
          case String text -> Text.length(text);
          case Markup markup -> Text.length(markup.text());
          case Sequence sequence -> sequence.size();
          case Dict dict -> dict.size();
          case DictView view -> view.dict().size();
          case Range range -> range.length();
          case Undefined _ -> 0;
          case Group _ -> 2;
          case Loop loop -> loop.length();
          default -> throw new Fault("object of type '" + Types.name(value) + "' has no len()");
        });
  }

  /** Python's {@code item in container}. */
  static boolean contains(Object container, Object item) {
    return switch (Markup.plain(container)) {
      case String text -> {
        if (Markup.plain(item) instanceof String part) {
          yield new Search(part).find(text, 0) >= 0;
        }
        throw new Fault("'in <string>' requires string as left operand, not " + Types.name(item));
      }
      case Dict dict -> dict.has(item);
      case DictView view when view.kind() == DictView.Kind.KEYS -> view.dict().has(item);
      default -> {
        Iterator<Object> items = iterator(container);
        while (items.hasNext()) {
          if (Equality.same(items.next(), item)) {
            yield true;
          }
        }
        yield false;
      }
    };
  }
}
