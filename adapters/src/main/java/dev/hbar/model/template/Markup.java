package dev.hbar.model.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Text that the filters safe and escape gave: it escapes text that is added to it, as Python's
 * Markup does. Everywhere else it counts as its text.
 */
record Markup(String text) {

  /** Filters that see the markup itself. */
  private static final Set<String> SEEING =
      Set.of("e", "escape", "forceescape", "safe", "string", "format", "default", "d", "attr");

  /** Filters that make markup of markup. */
  private static final Set<String> KEEPING =
      Set.of("upper", "lower", "capitalize", "trim", "center", "indent", "truncate", "last");

  static boolean isSeenBy(String filter) {
    return SEEING.contains(filter);
  }

  static boolean isKeptBy(String filter) {
    return KEEPING.contains(filter);
  }

  /** The text of a markup, or any other value as it is. */
  static Object plain(Object value) {
    return value instanceof Markup markup ? markup.text() : value;
  }

  static Object wrap(Object value) {
    return switch (value) {
      case String text -> new Markup(text);
      case Sequence sequence -> {
        List<Object> items = new ArrayList<>(sequence.size());
        sequence.items().forEach(item -> items.add(wrap(item)));
        yield new Sequence(items, sequence.tuple());
      }
      default -> value;
    };
  }

  /** The text of a markup, or another text escaped. */
  static Object escaped(Object value) {
    return value instanceof String text ? MarkupFilters.escape(text) : plain(value);
  }

  /** What {@code %} puts in for a value: a tuple is several; a list need not be used. */
  Object filledWith(Object value) {
    boolean list = value instanceof Sequence sequence && !sequence.tuple();
    if (list && !text.replace("%%", "").contains("%")) {
      return value;
    }
    return value instanceof Sequence several && several.tuple()
        ? Sequence.tuple(each(several))
        : takenIn(value);
  }

  private static List<Object> each(Sequence sequence) {
    return sequence.items().stream().map(Markup::takenIn).toList();
  }

  /** A value as a markup's text takes it in: a list is one text, a dict may be asked for parts. */
  private static Object takenIn(Object value) {
    return switch (value) {
      case Sequence sequence -> MarkupFilters.escape(Repr.str(sequence));
      case Dict dict -> {
        Dict taken = new Dict();
        dict.keys().forEach(key -> taken.put(key, escaped(dict.get(key, None.NONE))));
        yield taken;
      }
      default -> escaped(value);
    };
  }

  /** The text of a markup, or that of any other value escaped. */
  static String escapedText(Object value) {
    return value instanceof Markup markup ? markup.text() : MarkupFilters.escape(Repr.str(value));
  }

  /** A method or attribute of the text, giving markup. */
  Optional<Object> attribute(String name) {
    return Attributes.of(text, name)
        .map(
            attribute ->
                attribute instanceof Function function
                    ? new Function(
                        "bound method Markup.%s of %s".formatted(name, Repr.repr(this)),
                        arguments -> call(function, name, arguments))
                    : attribute);
  }

  private static Object call(Function function, String name, Arguments arguments) {
    List<Object> given = new ArrayList<>();
    for (Object argument : arguments.positional()) {
      given.add(
          switch (name) {
            case "join" ->
                argument instanceof Sequence items ? Sequence.list(each(items)) : takenIn(argument);
            case "format" -> takenIn(argument);
            case "replace" -> given.isEmpty() ? plain(argument) : escaped(argument);
            default -> plain(argument);
          });
    }
    Map<String, Object> named = new LinkedHashMap<>(arguments.named());
    if (name.equals("format")) {
      named.replaceAll((key, value) -> takenIn(value));
    }
    return wrap(function.call(new Arguments(given, named)));
  }
}
