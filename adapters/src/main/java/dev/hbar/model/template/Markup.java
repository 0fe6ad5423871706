package dev.hbar.model.template;

import java.util.ArrayList;
import java.util.List;
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
      Set.of("upper", "lower", "capitalize", "trim", "center", "indent", "truncate");

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
    return switch (value) {
      case Markup markup -> markup.text();
      case String text -> MarkupFilters.escape(text);
      case Sequence sequence -> {
        List<Object> items = new ArrayList<>(sequence.size());
        sequence.items().forEach(item -> items.add(escaped(item)));
        yield new Sequence(items, sequence.tuple());
      }
      default -> value;
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
                    ? new Function(function.name(), arguments -> call(function, name, arguments))
                    : attribute);
  }

  private static Object call(Function function, String name, Arguments arguments) {
    boolean escapes = Set.of("replace", "format", "join").contains(name);
    List<Object> given = new ArrayList<>();
    for (Object argument : arguments.positional()) {
      boolean searched = name.equals("replace") && given.isEmpty();
      given.add(escapes && !searched ? escaped(argument) : plain(argument));
    }
    return wrap(function.call(new Arguments(given, arguments.named())));
  }
}
