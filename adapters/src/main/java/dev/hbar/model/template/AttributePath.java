package dev.hbar.model.template;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** An attribute as filters name it: dotted, digits are positions. */
final class AttributePath {

  private final List<Object> parts = new ArrayList<>();

  private AttributePath() {}

  /** The path of one attribute; none leads to the item itself. */
  static AttributePath of(Object attribute) {
    AttributePath path = new AttributePath();
    if (attribute instanceof String text) {
      for (String part : text.split("\\.", -1)) {
        path.parts.add(part.matches("[0-9]{1,18}") ? new BigInteger(part) : part);
      }
    } else if (attribute != None.NONE) {
      path.parts.add(attribute);
    }
    return path;
  }

  /** The paths of several attributes with commas between them. */
  static List<AttributePath> several(Object attribute) {
    if (!(attribute instanceof String text)) {
      return List.of(of(attribute));
    }
    List<AttributePath> paths = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      paths.add(of(part));
    }
    return paths;
  }

  Object get(Object item) {
    return get(item, None.NONE);
  }

  /** What the path leads to; whatever is undefined on the way becomes {@code otherwise}. */
  Object get(Object item, Object otherwise) {
    Object value = item;
    for (Object part : parts) {
      value = Lookup.item(value, part);
      if (otherwise != None.NONE && value instanceof Undefined) {
        value = otherwise;
      }
    }
    return value;
  }

  /** Text in lower case unless cases count. */
  static Object cased(Object value, boolean caseSensitive) {
    return !caseSensitive && Markup.plain(value) instanceof String text
        ? CaseMethods.lower(text)
        : value;
  }
}
