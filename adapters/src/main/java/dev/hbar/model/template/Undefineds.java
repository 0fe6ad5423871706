package dev.hbar.model.template;

/** Operations that an undefined value refuses. */
final class Undefineds {

  private Undefineds() {}

  static void refuse(Object... values) {
    for (Object value : values) {
      if (value instanceof Undefined undefined) {
        throw undefined.used();
      }
    }
  }
}
