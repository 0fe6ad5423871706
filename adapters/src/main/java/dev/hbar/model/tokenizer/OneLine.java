package dev.hbar.model.tokenizer;

import java.util.Objects;

/** Foreign error text, cut to what fits into one line of an error message. */
final class OneLine {

  private static final int LONGEST = 200;

  private OneLine() {}

  /** The message of an error without line breaks, or its type when it has none. */
  static String of(Throwable error) {
    String text = Objects.requireNonNullElse(error.getMessage(), error.getClass().getSimpleName());
    String line = text.strip().replaceAll("\\s+", " ");
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...";
  }
}
