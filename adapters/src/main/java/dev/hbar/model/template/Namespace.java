package dev.hbar.model.template;

/** What a template may change: {@code namespace()}. */
record Namespace(Dict attributes) {

  void set(String name, Object value) {
    requireName(name);
    attributes.put(name, value);
  }

  static void requireName(Object name) {
    if (name instanceof String text && text.startsWith("_")) {
      throw new Fault("a namespace cannot store the name " + Repr.shortRepr(name));
    }
  }
}
