package dev.hbar.model.template;

/**
 * A function or a method of a value.
 *
 * @param name what Python prints for it, between angle brackets
 */
record Function(String name, Callable body) implements Callable {

  @Override
  public Object call(Arguments arguments) {
    return body.call(arguments);
  }
}
