package dev.hbar.model.template;

import java.util.ArrayList;
import java.util.List;

/** Filters where what is printed is escaped: some escape what they join, or give markup. */
final class EscapingFilters {
  private EscapingFilters() {}

  static Object apply(String name, Object value, Arguments arguments) {
    return switch (name) {
      case "join" -> join(value, arguments);
      case "replace" -> replace(value, arguments);
      case "xmlattr" -> Markup.wrap(Filters.apply(name, value, arguments));
      default -> Filters.apply(name, value, arguments);
    };
  }

  /** Markup searched for or put in makes markup of the text. */
  private static Object replace(Object value, Arguments arguments) {
    Bound bound = arguments.bind("replace", "old", "new", "count?");
    int count = bound.isNone(2) ? -1 : bound.integer(2);
    Object old = arguments.given(0, "old", "");
    Object put = arguments.given(1, "new", "");
    boolean given = value instanceof Markup;
    boolean escaped = old instanceof Markup || put instanceof Markup && !given;
    boolean markup = given || escaped;
    String text = escaped ? Markup.escapedText(value) : Repr.str(value);
    Object replaced =
        CutMethods.replace(
            text, Repr.str(old), markup ? Markup.escapedText(put) : Repr.str(put), count);
    return markup ? Markup.wrap(replaced) : replaced;
  }

  /** Markup among what is joined, or between it, makes markup of the whole. */
  private static Object join(Object value, Arguments arguments) {
    Bound bound = arguments.bind("join", "d?", "attribute?");
    AttributePath path = AttributePath.of(bound.get(1, None.NONE));
    List<Object> parts = new ArrayList<>();
    Iteration.list(Markup.plain(value)).forEach(item -> parts.add(path.get(item)));
    Object separator = arguments.given(0, "d", "");
    boolean markup =
        separator instanceof Markup || parts.stream().anyMatch(Markup.class::isInstance);
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < parts.size(); i++) {
      for (Object next : i == 0 ? parts.subList(0, 1) : List.of(separator, parts.get(i))) {
        String text = markup ? Markup.escapedText(next) : Repr.str(next);
        Budget.charge(text.length());
        out.append(text);
      }
    }
    return markup ? new Markup(out.toString()) : out.toString();
  }
}
