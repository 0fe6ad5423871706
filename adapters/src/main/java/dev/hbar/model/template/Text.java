package dev.hbar.model.template;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Strings as Python has them: sequences of code points. */
final class Text {

  /** What Python takes for white space, for use in a regular expression's brackets. */
  static final String SPACES =
      "\\t\\n\\u000b\\f\\r\\u001c-\\u001f \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029"
          + "\\u202f\\u205f\\u3000";

  private static final String LINE_ENDS = "\n\r\u000b\f\u001c\u001d\u001e\u0085\u2028\u2029";

  /** The texts of one character that need no memory of their own. */
  private static final String[] LATIN =
      IntStream.range(0, 256).mapToObj(Character::toString).toArray(String[]::new);

  /** What the text of any other character takes, in items. */
  private static final int WIDE_ITEMS = 6;

  private Text() {}

  static boolean isSpace(int c) {
    return c == ' '
        || c >= '\t' && c <= '\r'
        || c >= 0x1c && c <= 0x1f
        || c == 0x85
        || c == 0xa0
        || c > 0xff && isWideSpace(c);
  }

  private static boolean isWideSpace(int c) {
    return c == 0x1680
        || c >= 0x2000 && c <= 0x200a
        || c == 0x2028
        || c == 0x2029
        || c == 0x202f
        || c == 0x205f
        || c == 0x3000;
  }

  static boolean isBlank(String text) {
    return text.chars().allMatch(Text::isSpace);
  }

  static String stripEnd(String text) {
    int end = text.length();
    while (end > 0 && isSpace(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end);
  }

  static String stripStart(String text) {
    int start = 0;
    while (start < text.length() && isSpace(text.charAt(start))) {
      start++;
    }
    return text.substring(start);
  }

  static boolean isNarrow(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  /** The place in UTF-16 of a code point. */
  static int offset(String text, int index) {
    return text.offsetByCodePoints(0, index);
  }

  static String character(String text, int index) {
    int at = offset(text, index);
    return new String(Character.toChars(text.codePointAt(at)));
  }

  static String slice(String text, int start, int end) {
    int from = offset(text, start);
    return text.substring(from, text.offsetByCodePoints(from, end - start));
  }

  static List<Object> characters(String text) {
    Budget.chargeItems(text.length());
    List<Object> characters = new ArrayList<>(text.length());
    text.codePoints()
        .forEach(
            c -> {
              if (c < LATIN.length) {
                characters.add(LATIN[c]);
              } else {
                Budget.chargeItems(WIDE_ITEMS);
                characters.add(Character.toString(c));
              }
            });
    return characters;
  }

  /** Python compares code points, Java compares UTF-16 units. */
  static int compare(String a, String b) {
    int shared = Math.min(a.length(), b.length());
    for (int i = 0; i < shared; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        boolean wideX = Character.isSurrogate(x);
        boolean wideY = Character.isSurrogate(y);
        return wideX == wideY ? Character.compare(x, y) : Boolean.compare(wideX, wideY);
      }
    }
    return Integer.compare(a.length(), b.length());
  }

  static List<String> lines(String text, boolean keepEnds) {
    List<String> lines = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      if (LINE_ENDS.indexOf(text.charAt(i)) >= 0) {
        int end = text.startsWith("\r\n", i) ? i + 2 : i + 1;
        lines.add(text.substring(start, keepEnds ? end : i));
        start = end;
        i = end - 1;
      }
    }
    if (start < text.length()) {
      lines.add(text.substring(start));
    }
    return lines;
  }
}
