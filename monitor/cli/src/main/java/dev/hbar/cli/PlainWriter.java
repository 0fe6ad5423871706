package dev.hbar.cli;

import java.io.FilterWriter;
import java.io.IOException;
import java.io.PrintWriter;

/**
 * Keeps control characters of names, arguments and files away from the terminal: they are written
 * as {@code \\u001b}. Line ends, tabs and, where colours are on, colours pass; not the carriage
 * return alone, which would write over the line.
 */
final class PlainWriter extends FilterWriter {
  private static final String COLOUR_PARAMETERS = "0123456789;";
  private static final char ESCAPE = 0x1b;

  private final PrintWriter target;
  private final boolean colours;

  PlainWriter(PrintWriter target, boolean colours) {
    super(target);
    this.target = target;
    this.colours = colours;
  }

  @Override
  public void write(int c) throws IOException {
    write(String.valueOf((char) c), 0, 1);
  }

  @Override
  public void write(char[] text, int from, int length) throws IOException {
    write(new String(text, from, length), 0, length);
  }

  @Override
  public void write(String text, int from, int length) throws IOException {
    String part = text.substring(from, from + length);
    target.write(plain(part));
  }

  /** A PrintWriter keeps its errors to itself; this one is to notice them. */
  @Override
  public void flush() throws IOException {
    if (target.checkError()) {
      throw new IOException("the output is closed or full");
    }
  }

  private String plain(String text) {
    if (text.chars().noneMatch(c -> isControl((char) c))) {
      return text;
    }
    StringBuilder shown = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int colourEnd = c == ESCAPE && colours ? colourEnd(text, i) : 0;
      if (colourEnd > 0) {
        shown.append(text, i, colourEnd);
        i = colourEnd - 1;
      } else if (isControl(c) && !(c == '\r' && text.startsWith("\n", i + 1))) {
        shown.append("\\u00").append(Character.forDigit(c >> 4, 16));
        shown.append(Character.forDigit(c & 0xf, 16));
      } else {
        shown.append(c);
      }
    }
    return shown.toString();
  }

  /** Where a colour that begins here ends, or 0. */
  private static int colourEnd(String text, int start) {
    int at = start + 2;
    if (!text.startsWith("[", start + 1)) {
      return 0;
    }
    while (at < text.length() && COLOUR_PARAMETERS.indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    return at < text.length() && text.charAt(at) == 'm' ? at + 1 : 0;
  }

  private static boolean isControl(char c) {
    return Character.isISOControl(c) && c != '\n' && c != '\t';
  }
}
