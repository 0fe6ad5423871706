package dev.hbar.monitor.generation;

import java.util.List;

/**
 * Text that ends before the first of some strings. What may yet turn out to be the beginning of one
 * is held back.
 */
final class StopStrings {
  private final List<String> stops;
  private final StringBuilder held = new StringBuilder();
  private boolean found;

  StopStrings(List<String> stops) {
    this.stops = stops;
  }

  /** Whether one of them has appeared; nothing is released any more then. */
  boolean isFound() {
    return found;
  }

  /** Takes the next piece of text and gives what is certain not to belong to a stop string. */
  String add(String piece) {
    held.append(piece);
    int first =
        stops.stream().mapToInt(held::indexOf).filter(at -> at >= 0).min().orElse(held.length());
    found = first < held.length();
    return release(found ? first : held.length() - heldBack());
  }

  /** The rest, at the end of the text; empty after a stop string. */
  String finish() {
    return found ? "" : release(held.length());
  }

  private String release(int length) {
    String certain = held.substring(0, length);
    held.delete(0, length);
    return certain;
  }

  /** Length of the longest end of the text that a stop string begins with. */
  private int heldBack() {
    int longest = 0;
    for (String stop : stops) {
      for (int n = Math.min(stop.length() - 1, held.length()); n > longest; n--) {
        if (stop.startsWith(held.substring(held.length() - n))) {
          longest = n;
        }
      }
    }
    return longest;
  }
}
