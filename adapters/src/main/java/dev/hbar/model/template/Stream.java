package dev.hbar.model.template;

import java.util.Iterator;

/**
 * A generator or iterator: it can be walked once.
 *
 * @param name what Python prints for it, between angle brackets
 */
record Stream(Iterator<Object> items, String name) {

  static Stream generator(String function, Iterator<Object> items) {
    return new Stream(items, "generator object " + function);
  }
}
