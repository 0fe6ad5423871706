package dev.hbar.cli;

import dev.hbar.cli.Terminal.Palette;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * All that a command meets outside itself: variables, the three streams, the terminal, the clock. A
 * test passes its own; only {@link #ofProcess} knows the real ones.
 */
final class Environment {
  private final Map<String, String> variables;
  private final InputStream in;
  private final PrintStream screen;
  private final PrintWriter text;
  private final PrintWriter out;
  private final PrintWriter err;
  private final Terminal terminal;
  private final LongSupplier nanoTime;
  private final AtomicBoolean bar = new AtomicBoolean();

  Environment(
      Map<String, String> variables,
      InputStream in,
      PrintStream out,
      PrintStream err,
      Terminal terminal,
      LongSupplier nanoTime) {
    this.variables = Map.copyOf(variables);
    this.in = in;
    this.terminal = terminal;
    this.nanoTime = nanoTime;
    this.screen = err;
    this.text = new PrintWriter(out);
    boolean colours = palette() != Palette.PLAIN;
    this.out = new PrintWriter(new PlainWriter(text, colours), true);
    this.err = new PrintWriter(new BesideBar(new PrintWriter(err, true), colours, bar::get), true);
  }

  /** That of this process. Text is UTF-8 whatever the locale says: prompts and tokens are. */
  static Environment ofProcess() {
    return new Environment(
        System.getenv(),
        System.in,
        stream(FileDescriptor.out, false),
        stream(FileDescriptor.err, true),
        Terminal.of(System.getProperty("hbar.terminal", "")),
        System::nanoTime);
  }

  private static PrintStream stream(FileDescriptor descriptor, boolean flush) {
    return new PrintStream(
        new BufferedOutputStream(new FileOutputStream(descriptor)), flush, StandardCharsets.UTF_8);
  }

  /** The environment variables. */
  Map<String, String> variables() {
    return variables;
  }

  InputStream in() {
    return in;
  }

  /** Results; control characters are written as escapes. */
  PrintWriter out() {
    return out;
  }

  /** Everything else; control characters are written as escapes. */
  PrintWriter err() {
    return err;
  }

  /** Stdout as it is, for text whose control characters are dealt with already. */
  PrintWriter text() {
    return text;
  }

  /** Stderr as it is, for a display that moves the cursor. */
  PrintStream screen() {
    return screen;
  }

  /** Whether a display is on the last line of the screen, which messages take its place. */
  void bar(boolean shown) {
    bar.set(shown);
  }

  Terminal terminal() {
    return terminal;
  }

  /** The colours for stdout. */
  Palette palette() {
    return terminal.palette(variables);
  }

  /** A clock for durations, in nanoseconds. */
  LongSupplier nanoTime() {
    return nanoTime;
  }

  /** Writes what is still held back; false if not everything could be written. */
  boolean flush() {
    out.flush();
    err.flush();
    return !text.checkError();
  }

  /** Begins a line where a bar is: the bar goes, and draws itself anew below. */
  private static final class BesideBar extends PlainWriter {
    private static final String ERASE = "\r\u001b[K";

    private final BooleanSupplier bar;
    private boolean begun;

    BesideBar(PrintWriter target, boolean colours, BooleanSupplier bar) {
      super(target, colours);
      this.bar = bar;
    }

    @Override
    public void write(String text, int from, int length) throws IOException {
      if (!begun && bar.getAsBoolean()) {
        out.write(ERASE);
      }
      begun = length > 0 && text.charAt(from + length - 1) != '\n';
      super.write(text, from, length);
    }
  }

  /**
   * Keeps control characters of names, arguments and files away from the terminal: they are written
   * as {@code \\u001b}. Line ends, tabs and, where colours are on, colours pass; not the carriage
   * return alone, which would write over the line.
   */
  static sealed class PlainWriter extends FilterWriter {
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

  /**
   * The command's arguments as they were given. Java decodes them by the locale and turns what does
   * not fit into U+FFFD; Linux still has the bytes.
   */
  static final class Arguments {
    private static final String LOST = "\uFFFD";

    private Arguments() {}

    /**
     * The arguments, read as UTF-8.
     *
     * @param decoded as Java gives them
     * @param commandLine the file with the bytes of the whole command line
     * @throws CommandException if one is not UTF-8
     */
    static String[] read(String[] decoded, Path commandLine) {
      if (!String.join("", decoded).contains(LOST)) {
        return decoded;
      }
      List<byte[]> given = List.of();
      try {
        given = split(Files.readAllBytes(commandLine));
      } catch (IOException e) {
        // Another system: there Java reads UTF-8, and what is lost was not UTF-8.
      }
      String[] exact = new String[decoded.length];
      int skipped = given.size() - decoded.length;
      for (int i = 0; i < decoded.length; i++) {
        exact[i] = skipped < 0 ? known(decoded[i], i) : utf8(given.get(skipped + i), i);
      }
      return exact;
    }

    private static String known(String argument, int index) {
      if (argument.contains(LOST)) {
        throw notText(index);
      }
      return argument;
    }

    private static String utf8(byte[] bytes, int index) {
      try {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      } catch (CharacterCodingException e) {
        throw notText(index);
      }
    }

    private static CommandException notText(int index) {
      return new CommandException(
          "argument "
              + (index + 1)
              + " is not UTF-8; convert it, or give a prompt through a file: --prompt - < FILE");
    }

    private static List<byte[]> split(byte[] commandLine) {
      List<byte[]> parts = new ArrayList<>();
      int start = 0;
      for (int i = 0; i < commandLine.length; i++) {
        if (commandLine[i] == 0) {
          parts.add(Arrays.copyOfRange(commandLine, start, i));
          start = i + 1;
        }
      }
      return parts;
    }
  }
}
