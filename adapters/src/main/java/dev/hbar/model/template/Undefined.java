package dev.hbar.model.template;

/**
 * What a missing name or attribute gives: it prints as nothing, and using it is an error.
 *
 * @param message what that error says
 */
record Undefined(String message) {

  static Undefined name(String name) {
    return new Undefined("'" + name + "' is undefined");
  }

  static Undefined attribute(Object target, Object name) {
    return new Undefined(
        "'" + Types.name(target) + " object' has no attribute or element " + Repr.shortRepr(name));
  }

  /** The error of using it. */
  Fault used() {
    return new Fault(message);
  }
}
