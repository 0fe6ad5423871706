package dev.hbar.model.checkpoint;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** A pattern out of a file: one that goes back and forth without end is given up. */
final class FilePattern {
  /** Some thousand times what a name takes that is gone through once. */
  private static final int MOST_READS = 1_000_000;

  private FilePattern() {}

  /**
   * Whether a whole name is of a pattern.
   *
   * @throws PatternSyntaxException if it is no pattern, or takes too long
   */
  static boolean matches(String pattern, String name) {
    try {
      return Pattern.compile(pattern).matcher(new Counted(name, new int[1], pattern)).matches();
    } catch (StackOverflowError deep) {
      throw new PatternSyntaxException("nested too deeply", pattern, -1);
    }
  }

  /**
   * A text that may be read so many times.
   *
   * @param reads how many there were
   */
  private record Counted(String text, int[] reads, String pattern) implements CharSequence {
    @Override
    public int length() {
      return text.length();
    }

    @Override
    public char charAt(int index) {
      if (++reads[0] > MOST_READS) {
        throw new PatternSyntaxException("takes too long", pattern, -1);
      }
      return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.substring(start, end);
    }
  }
}
