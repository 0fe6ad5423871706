package dev.hbar.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Where the questions of a conversation come from: a terminal, or a file or pipe. */
interface ChatInput extends AutoCloseable {
  /** What opens and closes a question of several lines. */
  String QUOTES = "\"\"\"";

  /** The terminal if there is one on both sides, else stdin line by line. */
  static ChatInput of(Environment environment, boolean history) {
    Terminal terminal = environment.terminal();
    return terminal.in() && terminal.out()
        ? new TypedLines(environment, history)
        : new Plain(environment);
  }

  /** The next question or command; empty at the end. */
  Optional<String> next();

  /** What stops the answer that begins now. */
  Interrupts answering();

  /** Whether somebody sits there. */
  boolean isTyped();

  /** The exit code once there is no more to ask. */
  int exitCode();

  @Override
  void close();

  /** Whether a question goes on in the next line. */
  static boolean isOpen(String text) {
    String begun = text.strip();
    return begun.startsWith(QUOTES)
        ? begun.length() < 2 * QUOTES.length() || !begun.endsWith(QUOTES)
        : text.endsWith("\\");
  }

  /** The question without what made it go on. */
  static String question(String text) {
    String whole = text.strip();
    return whole.startsWith(QUOTES)
        ? whole.substring(QUOTES.length()).replaceFirst(QUOTES + "$", "").strip()
        : whole.replace("\\\n", "\n");
  }

  /** Lines of stdin, for scripts: a signal ends the program after the step that is going on. */
  final class Plain implements ChatInput {
    /** As much as a prompt. */
    static final int LONGEST = 32 << 20;

    private final BufferedReader lines;
    private final Interrupts interrupts;

    Plain(Environment environment) {
      this.lines =
          new BufferedReader(new InputStreamReader(environment.in(), StandardCharsets.UTF_8));
      this.interrupts = Interrupts.install(environment.err());
    }

    @Override
    public Optional<String> next() {
      try {
        String text = interrupts.requested() ? null : line(0);
        if (text == null) {
          return Optional.empty();
        }
        StringBuilder whole = new StringBuilder(text);
        while (isOpen(whole.toString())) {
          String more = line(whole.length());
          if (more == null) {
            break;
          }
          whole.append('\n').append(more);
        }
        return Optional.of(question(whole.toString()));
      } catch (IOException e) {
        throw new UncheckedIOException("cannot read questions from stdin", e);
      }
    }

    /** Without its end, also one of two characters; null after the last. */
    private String line(int already) throws IOException {
      String line =
          RenderCommand.Lines.next(lines, LONGEST - already, "a question on stdin", "shorten it");
      return line == null ? null : line.replaceFirst("\r$", "");
    }

    @Override
    public Interrupts answering() {
      return interrupts;
    }

    @Override
    public boolean isTyped() {
      return false;
    }

    @Override
    public int exitCode() {
      return interrupts.exitCode();
    }

    @Override
    public void close() {
      interrupts.close();
    }
  }
}
