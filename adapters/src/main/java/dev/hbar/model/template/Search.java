package dev.hbar.model.template;

/** Finding text in text, in linear time also for hostile patterns. */
final class Search {

  private static final int SHORT = 64;

  private final String pattern;
  private final int[] fallback;

  Search(String pattern) {
    this.pattern = pattern;
    this.fallback = pattern.length() > SHORT ? fallback(pattern) : new int[0];
  }

  /** The first place at or after {@code from}, in UTF-16 units, or -1. */
  int find(String text, int from) {
    if (fallback.length == 0) {
      return text.indexOf(pattern, from);
    }
    int matched = 0;
    for (int i = from; i < text.length(); i++) {
      while (matched > 0 && text.charAt(i) != pattern.charAt(matched)) {
        matched = fallback[matched - 1];
      }
      if (text.charAt(i) == pattern.charAt(matched) && ++matched == pattern.length()) {
        return i - matched + 1;
      }
    }
    return -1;
  }

  /** The last place that ends at or before {@code to}, or -1. */
  static int findLast(String text, String pattern, int to) {
    String reversed = new StringBuilder(text.substring(0, to)).reverse().toString();
    int found = new Search(new StringBuilder(pattern).reverse().toString()).find(reversed, 0);
    return found < 0 ? -1 : to - found - pattern.length();
  }

  private static int[] fallback(String pattern) {
    int[] fallback = new int[pattern.length()];
    int matched = 0;
    for (int i = 1; i < pattern.length(); i++) {
      while (matched > 0 && pattern.charAt(i) != pattern.charAt(matched)) {
        matched = fallback[matched - 1];
      }
      if (pattern.charAt(i) == pattern.charAt(matched)) {
        matched++;
      }
      fallback[i] = matched;
    }
    return fallback;
  }
}
