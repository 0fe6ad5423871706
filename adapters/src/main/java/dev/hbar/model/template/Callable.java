package dev.hbar.model.template;

/** Something that a template can call. */
@FunctionalInterface
interface Callable {

  Object call(Arguments arguments);
}
