package dev.hbar.cli;

/**
 * What doctor found out about one thing.
 *
 * @param found what is there, on one line
 * @param remedy what to do; empty when all is well
 */
record Finding(String what, boolean ok, String found, String remedy) {
  static Finding good(String what, String found) {
    return new Finding(what, true, found, "");
  }

  static Finding bad(String what, String found, String remedy) {
    return new Finding(what, false, found, remedy);
  }
}
