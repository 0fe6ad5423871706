package dev.hbar.model.tokenizer;

/**
 * Reads a regular expression of tokenizer.json only so far as to tell whether the native library
 * survives it.
 *
 * <p>Oniguruma gives up on a text after ten million backtracking steps, and the library turns that
 * into the end of the process. So a repetition without bound must not repeat something that itself
 * can be read in several ways, and nothing may refer back. Patterns of published models keep to
 * that.
 */
final class PatternShape {

  private static final int MAX_LENGTH = 10_000;
  private static final int MAX_DEPTH = 50;
  private static final int UNBOUNDED = Integer.MAX_VALUE;

  /**
   * What a part takes.
   *
   * @param narrowest fewest characters
   * @param open whether one text can be read in more than one way
   */
  private record Part(int narrowest, boolean open) {}

  private final String source;
  private int at;

  private PatternShape(String source) {
    this.source = source;
  }

  /**
   * The fewest characters that the pattern takes, looking around not counted.
   *
   * @throws IllegalArgumentException if the pattern may need unbounded work, or is not understood
   */
  static int narrowest(String source) {
    if (source.length() > MAX_LENGTH) {
      throw new IllegalArgumentException("is longer than 10000 characters");
    }
    PatternShape shape = new PatternShape(source);
    Part whole = shape.alternatives(0);
    if (shape.at < source.length()) {
      throw shape.notUnderstood();
    }
    return whole.narrowest();
  }

  private Part alternatives(int depth) {
    if (depth > MAX_DEPTH) {
      throw new IllegalArgumentException("is nested more than 50 deep");
    }
    Part all = sequence(depth);
    while (next('|')) {
      Part other = sequence(depth);
      all = new Part(Math.min(all.narrowest(), other.narrowest()), true);
    }
    return all;
  }

  private Part sequence(int depth) {
    int narrowest = 0;
    boolean open = false;
    while (at < source.length() && source.charAt(at) != '|' && source.charAt(at) != ')') {
      Part part = quantified(element(depth));
      narrowest = Math.min(MAX_LENGTH, narrowest + part.narrowest());
      open |= part.open();
    }
    return new Part(narrowest, open);
  }

  private Part quantified(Part element) {
    Part part = element;
    while (at < source.length()) {
      int[] range = range();
      if (range.length == 0) {
        return part;
      }
      if (range[1] == UNBOUNDED && part.open()) {
        throw new IllegalArgumentException(
            "repeats without bound what can be read in several ways");
      }
      boolean fixed = range[0] == range[1];
      part =
          new Part(
              (int) Math.min(MAX_LENGTH, (long) part.narrowest() * range[0]),
              part.open() || !fixed);
      // A lazy or possessive mark changes the order of trying only.
      if (!next('?')) {
        next('+');
      }
    }
    return part;
  }

  /** Least and most repetitions, or nothing where there is no quantifier. */
  private int[] range() {
    if (next('*')) {
      return new int[] {0, UNBOUNDED};
    }
    if (next('+')) {
      return new int[] {1, UNBOUNDED};
    }
    if (next('?')) {
      return new int[] {0, 1};
    }
    int end = source.charAt(at) == '{' ? source.indexOf('}', at) : -1;
    String body = end < 0 ? "" : source.substring(at + 1, end);
    if (!body.matches("\\d{1,5}(,\\d{0,5})?|,\\d{1,5}")) {
      return new int[0];
    }
    at = end + 1;
    int comma = body.indexOf(',');
    int least = comma == 0 ? 0 : Integer.parseInt(comma < 0 ? body : body.substring(0, comma));
    String most = comma < 0 ? body : body.substring(comma + 1);
    return new int[] {least, most.isEmpty() ? UNBOUNDED : Integer.parseInt(most)};
  }

  private Part element(int depth) {
    char c = source.charAt(at++);
    return switch (c) {
      case '(' -> group(depth);
      case '[' -> {
        characterClass(depth);
        yield new Part(1, false);
      }
      case '\\' -> escape();
      case '^', '$' -> new Part(0, false);
      default -> new Part(1, false);
    };
  }

  private Part group(int depth) {
    boolean around = false;
    if (next('?')) {
      int start = at;
      if (next('#')) {
        at = Math.max(at, source.indexOf(')', at)) + 1;
        return new Part(0, false);
      }
      around = lookaround();
      if (!around && at == start && !next('>') && !options()) {
        throw notUnderstood();
      }
      if (source.charAt(at - 1) == ')') {
        return new Part(0, false);
      }
    }
    Part body = alternatives(depth + 1);
    if (!next(')')) {
      throw notUnderstood();
    }
    return around ? new Part(0, body.open()) : body;
  }

  private boolean lookaround() {
    if (next('=') || next('!')) {
      return true;
    }
    if (source.startsWith("<=", at) || source.startsWith("<!", at)) {
      at += 2;
      return true;
    }
    if (source.startsWith("<", at) && source.indexOf('>', at) > 0) {
      at = source.indexOf('>', at) + 1;
    }
    return false;
  }

  /** Flags such as {@code i:} or {@code i)}, also none before the colon. */
  private boolean options() {
    while (at < source.length() && "imx-".indexOf(source.charAt(at)) >= 0) {
      at++;
    }
    return next(':') || next(')');
  }

  private void characterClass(int depth) {
    if (depth > MAX_DEPTH) {
      throw new IllegalArgumentException("is nested more than 50 deep");
    }
    next('^');
    // A bracket at the very start stands for itself.
    next(']');
    while (at < source.length()) {
      char c = source.charAt(at++);
      if (c == ']') {
        return;
      }
      if (c == '\\') {
        at++;
      } else if (c == '[' && source.startsWith(":", at) && source.indexOf(":]", at) > 0) {
        at = source.indexOf(":]", at) + 2;
      } else if (c == '[') {
        characterClass(depth + 1);
      }
    }
    throw notUnderstood();
  }

  private Part escape() {
    if (at >= source.length()) {
      throw notUnderstood();
    }
    char c = source.charAt(at++);
    if (c >= '1' && c <= '9' || c == 'k' || c == 'g') {
      throw new IllegalArgumentException("refers back to a group");
    }
    if ("bBAzZGKyY".indexOf(c) >= 0) {
      return new Part(0, false);
    }
    if ("pPx".indexOf(c) >= 0 && source.startsWith("{", at) && source.indexOf('}', at) > 0) {
      at = source.indexOf('}', at) + 1;
    } else if (c == 'x' || c == 'u') {
      int digits = c == 'x' ? 2 : 4;
      for (int i = 0; i < digits && hexAt(); i++) {
        at++;
      }
    }
    return new Part(1, c == 'X' || c == 'R');
  }

  private boolean hexAt() {
    return at < source.length() && Character.digit(source.charAt(at), 16) >= 0;
  }

  private boolean next(char c) {
    if (at < source.length() && source.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }

  private IllegalArgumentException notUnderstood() {
    return new IllegalArgumentException("is not understood at character " + at);
  }
}
