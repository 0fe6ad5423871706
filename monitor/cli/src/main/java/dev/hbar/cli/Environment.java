package dev.hbar.cli;

import dev.hbar.cli.Terminal.Palette;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
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
    this.err = new PrintWriter(new PlainWriter(new PrintWriter(err, true), colours), true);
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
}
