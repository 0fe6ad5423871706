package dev.hbar.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jline.keymap.KeyMap;
import org.jline.reader.CompletingParsedLine;
import org.jline.reader.EOFError;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser.ParseContext;
import org.jline.reader.Reference;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.completer.ArgumentCompleter.ArgumentLine;
import org.jline.reader.impl.completer.StringsCompleter;
import org.jline.terminal.TerminalBuilder;

/** Where the questions of a conversation come from: a terminal, or a file or pipe. */
interface ChatInput extends AutoCloseable {
  /** What opens and closes a question of several lines. */
  String QUOTES = "\"\"\"";

  /** The terminal if there is one on both sides, else stdin line by line. */
  static ChatInput of(Environment environment, boolean history) {
    Terminal terminal = environment.terminal();
    return terminal.in() && terminal.out()
        ? new Typed(environment, history)
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

  /**
   * Lines of stdin, for scripts: a signal ends the program, after the step if it is answering. The
   * conversation is kept after every answer.
   */
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
      interrupts.endAtOnce();
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
      } finally {
        interrupts.finishSteps();
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

  /** Questions that are typed: edited, kept in a private file, several lines where wanted. */
  static final class Typed implements ChatInput {
    private static final String NEW_LINE = "new-line";
    private static final int MOST_KEPT = 1000;

    private final PrintWriter err;
    private final org.jline.terminal.Terminal terminal;
    private final LineReader reader;
    private final String prompt;
    private Interrupts answering;

    Typed(Environment environment, boolean history) {
      this.err = environment.err();
      this.answering = Interrupts.unarmed(new PrintWriter(PrintWriter.nullWriter()));
      boolean colours = environment.palette() != Terminal.Palette.PLAIN;
      this.prompt = colours ? "\u001b[1;35m>\u001b[0m " : "> ";
      try {
        this.terminal =
            TerminalBuilder.builder().name("hbar").system(true).nativeSignals(true).build();
      } catch (IOException e) {
        throw new UncheckedIOException("cannot use the terminal", e);
      }
      // The reader has its own way with Ctrl-C while a line is typed.
      terminal.handle(
          org.jline.terminal.Terminal.Signal.INT, signal -> answering.raise(ExitCodes.INTERRUPTED));
      this.reader = reader(history ? historyFile(environment.variables()) : Optional.empty());
    }

    private LineReader reader(Optional<Path> history) {
      LineReaderBuilder builder =
          LineReaderBuilder.builder()
              .appName("hbar")
              .terminal(terminal)
              .parser(Typed::parsed)
              .completer(new StringsCompleter(Chat.commandNames()))
              .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
              .option(LineReader.Option.HISTORY_IGNORE_SPACE, true)
              .variable(LineReader.SECONDARY_PROMPT_PATTERN, "  ")
              .variable(LineReader.HISTORY_SIZE, MOST_KEPT)
              .variable(LineReader.HISTORY_FILE_SIZE, MOST_KEPT);
      history.ifPresent(file -> builder.variable(LineReader.HISTORY_FILE, file));
      LineReader made = builder.build();
      made.getWidgets()
          .put(
              NEW_LINE,
              () -> {
                made.getBuffer().write('\n');
                return true;
              });
      made.getKeyMaps()
          .get(LineReader.MAIN)
          .bind(new Reference(NEW_LINE), List.of(KeyMap.alt('\r'), KeyMap.alt('\n')));
      return made;
    }

    /** A question is one word, and goes on where it says so. */
    private static ParsedLine parsed(String line, int cursor, ParseContext context) {
      if (context == ParseContext.ACCEPT_LINE && ChatInput.isOpen(line)) {
        throw new EOFError(-1, -1, "the question goes on");
      }
      return new Question(line, cursor);
    }

    /**
     * JLine prints a warning over the prompt where a line does not say how its words are escaped.
     */
    private static final class Question extends ArgumentLine implements CompletingParsedLine {
      private Question(String line, int cursor) {
        super(line, cursor);
      }

      @Override
      public CharSequence escape(CharSequence candidate, boolean complete) {
        return candidate;
      }

      @Override
      public int rawWordCursor() {
        return wordCursor();
      }

      @Override
      public int rawWordLength() {
        return word().length();
      }
    }

    /** A file that only its owner can read; none where it cannot be made. */
    static Optional<Path> historyFile(Map<String, String> variables) {
      String state = variables.getOrDefault("XDG_STATE_HOME", "");
      String home = variables.getOrDefault("HOME", "");
      if (state.isEmpty() && home.isEmpty()) {
        return Optional.empty();
      }
      Path folder =
          (state.isEmpty() ? Path.of(home, ".local", "state") : Path.of(state)).resolve("hbar");
      Path file = folder.resolve("chat-history");
      try {
        Files.createDirectories(folder);
        if (Files.notExists(file)) {
          Files.createFile(
              file,
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return Optional.of(file);
      } catch (IOException | UnsupportedOperationException e) {
        return Optional.empty();
      }
    }

    @Override
    public Optional<String> next() {
      while (true) {
        try {
          return Optional.of(ChatInput.question(reader.readLine(prompt)));
        } catch (UserInterruptException cleared) {
          if (cleared.getPartialLine().isBlank()) {
            err.println("Ctrl-D or /exit ends the conversation");
          }
        } catch (EndOfFileException end) {
          return Optional.empty();
        }
      }
    }

    @Override
    public Interrupts answering() {
      answering = Interrupts.unarmed(new PrintWriter(PrintWriter.nullWriter()));
      return answering;
    }

    @Override
    public boolean isTyped() {
      return true;
    }

    @Override
    public int exitCode() {
      return ExitCodes.OK;
    }

    @Override
    public void close() {
      try {
        terminal.close();
      } catch (IOException e) {
        throw new UncheckedIOException("cannot give the terminal back", e);
      }
    }
  }
}
