package dev.hbar.model.template;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The variables of one running scope. */
final class Frame {

  /** A name that has no value yet. */
  private enum Missing {
    MISSING
  }

  private final Optional<Frame> parent;
  private final Map<String, Object> context;
  private final Map<String, Object> variables = new HashMap<>();
  private Escaping escaping = Escaping.OFF;

  private Frame(Optional<Frame> parent, Map<String, Object> context) {
    this.parent = parent;
    this.context = context;
  }

  /** The outermost frame, or that of a block: it sees the context only. */
  static Frame root(Symbols symbols, Map<String, Object> context) {
    Frame frame = new Frame(Optional.empty(), context);
    frame.load(symbols);
    return frame;
  }

  Frame inner(Symbols symbols) {
    Frame frame = new Frame(Optional.of(this), context);
    frame.escaping = escaping;
    frame.load(symbols);
    return frame;
  }

  Escaping escaping() {
    return escaping;
  }

  void set(Escaping given) {
    escaping = given;
  }

  /** Whether what is made here is markup. */
  boolean isEscaping() {
    return escaping.now();
  }

  /** Text that was made here. */
  Object made(String text) {
    return isEscaping() ? new Markup(text) : text;
  }

  private void load(Symbols symbols) {
    symbols
        .loads()
        .forEach(
            (name, load) ->
                variables.put(
                    name,
                    switch (load) {
                      case PARAMETER, UNDEFINED -> Missing.MISSING;
                      case RESOLVE -> context.getOrDefault(name, Missing.MISSING);
                      case ALIAS -> parent.orElseThrow().raw(name);
                    }));
  }

  private Object raw(String name) {
    Frame frame = this;
    while (true) {
      Object value = frame.variables.get(name);
      if (value != null) {
        return value;
      }
      if (frame.parent.isEmpty()) {
        return context.getOrDefault(name, Missing.MISSING);
      }
      frame = frame.parent.get();
    }
  }

  Object get(String name) {
    Object value = raw(name);
    return value == Missing.MISSING ? Undefined.name(name) : value;
  }

  boolean isMissing(String name) {
    return variables.get(name) == Missing.MISSING;
  }

  void set(String name, Object value) {
    variables.put(name, value);
  }

  /** Assigns; at top level blocks see it too. */
  void assign(String name, Object value) {
    variables.put(name, value);
    if (parent.isEmpty()) {
      context.put(name, value);
    }
  }

  Map<String, Object> context() {
    return context;
  }
}
