package dev.hbar.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.filter.ThresholdFilter;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import ch.qos.logback.core.status.Status;
import dev.hbar.mlx.ErrorText;
import dev.hbar.mlx.HbarException;
import dev.hbar.model.checkpoint.CheckpointException;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;

/**
 * The options that every command has, before or after its name, and what they make of Logback: only
 * errors reach stderr unless -v asks for more; a log file gets everything from DEBUG on.
 */
final class Logging {
  private static final String CONSOLE_PATTERN =
      "%-5level %logger{20}: %replace(%msg){'[\\p{Cntrl}\\x80-\\x9f]','?'}%n%nopex";
  private static final String FILE_PATTERN =
      "%d{ISO8601} %-5level [%thread] %logger: %replace(%msg){'[\\p{Cntrl}\\x80-\\x9f]','?'}%n%replace(%ex){'[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f]','?'}%nopex";

  private static boolean configured;

  @Option(
      names = {"-v", "--verbose"},
      scope = ScopeType.INHERIT,
      description = "Log to stderr; show the stack trace of an error.")
  private boolean verbose;

  @Option(
      names = "--log-file",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description = "Append a detailed log to this file.")
  private Optional<Path> logFile = Optional.empty();

  boolean verbose() {
    return verbose;
  }

  /**
   * Replaces whatever configuration is there.
   *
   * @throws CommandException if the log file cannot be written
   */
  void configure(PrintStream err) {
    configured = true;
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    context.getStatusManager().clear();
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.DEBUG);
    // The JDK would log a trace at every exit.
    context.getLogger(Runtime.class).setLevel(Level.OFF);
    OutputStreamAppender<ILoggingEvent> console = new OutputStreamAppender<>();
    attach(root, console, CONSOLE_PATTERN, verbose ? Level.DEBUG : Level.ERROR);
    console.setOutputStream(new KeptOpen(err));
    console.start();
    logFile.ifPresent(file -> attachFile(root, file));
  }

  /**
   * Whether a command was run in this process; to start Logback takes longer than to print help.
   */
  static boolean isConfigured() {
    return configured;
  }

  /** What kept a log file from being written whole, if anything. */
  static Optional<String> loss() {
    if (!configured) {
      return Optional.empty();
    }
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    return context.getStatusManager().getCopyOfStatusList().stream()
        .filter(status -> status.getLevel() == Status.ERROR)
        .findFirst()
        .map(status -> "the log file could not be written whole; " + status.getMessage());
  }

  private static void attachFile(Logger root, Path file) {
    boolean unfit = Files.exists(file) && !Files.isRegularFile(file);
    if (unfit || !Files.isDirectory(file.toAbsolutePath().getParent())) {
      throw new CommandException("cannot write the log file " + file + "; choose another path");
    }
    FileAppender<ILoggingEvent> appender = new FileAppender<>();
    appender.setFile(file.toString());
    attach(root, appender, FILE_PATTERN, Level.DEBUG);
    appender.start();
  }

  /** The caller starts the appender. */
  private static void attach(
      Logger root, OutputStreamAppender<ILoggingEvent> appender, String pattern, Level least) {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(root.getLoggerContext());
    encoder.setPattern(pattern);
    encoder.start();
    ThresholdFilter filter = new ThresholdFilter();
    filter.setLevel(least.toString());
    filter.start();
    appender.setContext(root.getLoggerContext());
    appender.setEncoder(encoder);
    appender.addFilter(filter);
    root.addAppender(appender);
  }

  /** Logback closes what it writes to; stderr is not its own. */
  private static final class KeptOpen extends FilterOutputStream {
    KeptOpen(PrintStream target) {
      super(target);
    }

    @Override
    public void write(byte[] bytes, int from, int length) {
      ((PrintStream) out).write(bytes, from, length);
    }

    @Override
    public void close() {
      ((PrintStream) out).flush();
    }
  }

  /**
   * Found by Logback as a service: silence until the options are read. Code instead of XML, which
   * would cost 140 ms of every start.
   */
  public static final class Quiet extends ContextAwareBase implements Configurator {
    @Override
    public ExecutionStatus configure(LoggerContext context) {
      context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).setLevel(Level.OFF);
      return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }
  }

  /** Turns every error into one line on stderr and an exit code; the trace only with -v. */
  static final class ErrorReport implements IExecutionExceptionHandler, IParameterExceptionHandler {
    private static final int LONGEST_WORD = 200;
    private static final int LONGEST_LINE = 1000;
    private static final Pattern WORD = Pattern.compile("\\S{" + (LONGEST_WORD + 1) + ",}");

    private final PrintWriter err;
    private final BooleanSupplier verbose;

    /** Asks when an error comes whether its trace is wanted. */
    ErrorReport(PrintWriter err, BooleanSupplier verbose) {
      this.err = err;
      this.verbose = verbose;
    }

    @Override
    public int handleExecutionException(
        Exception failure, CommandLine command, ParseResult parsed) {
      if (failure instanceof WrongUsage wrong) {
        return wrongUsage(wrong, command);
      }
      report(failure);
      boolean noCheckpoint = failure instanceof CheckpointException found && found.isBadArgument();
      return noCheckpoint ? ExitCodes.USAGE : ExitCodes.FAILED;
    }

    @Override
    public int handleParseException(ParameterException wrongUsage, String[] args) {
      return wrongUsage(wrongUsage, wrongUsage.getCommandLine());
    }

    private int wrongUsage(Exception wrong, CommandLine command) {
      String name = command.getCommandSpec().qualifiedName();
      err.println("hbar: " + line(wrong.getMessage()) + "; see '" + name + " --help'");
      err.flush();
      return ExitCodes.USAGE;
    }

    /** Prints the one line, and logs the trace. */
    void report(Throwable failure) {
      LoggerFactory.getLogger(Logging.class).debug("the command failed", failure);
      err.println("hbar: " + describe(failure));
      if (verbose.getAsBoolean()) {
        failure.printStackTrace(err);
      }
      err.flush();
    }

    private static String describe(Throwable failure) {
      if (failure instanceof UncheckedIOException io) {
        return describe(io.getCause());
      }
      String message = failure.getMessage() == null ? "" : line(failure.getMessage());
      return switch (failure) {
        case FileSystemException file ->
            line(String.valueOf(file.getFile()))
                + " ("
                + ErrorText.reason(file)
                + "); choose another path, or mend its permissions";
        // Those of a full disk name no file.
        case IOException io when !message.isEmpty() ->
            "a file could not be read or written (" + message + "); make room, or choose another";
        // Our own exceptions are written for users; any other one reaching this place is a defect.
        case HbarException ours when !message.isEmpty() -> message;
        case OutOfMemoryError none -> outOf(message);
        case LinkageError unmade when isOutOfMemory(unmade) -> outOf("while loading classes");
        case StackOverflowError deep ->
            "the input is nested too deeply to be read; make it flatter";
        default ->
            "internal error, %s%s; run again with -v for its trace"
                .formatted(
                    failure.getClass().getSimpleName(), message.isEmpty() ? "" : ": " + message);
      };
    }

    /** Whether a class is missing because making it took more memory than there was. */
    private static boolean isOutOfMemory(LinkageError failure) {
      return Stream.iterate((Throwable) failure, Objects::nonNull, Throwable::getCause)
          .anyMatch(cause -> cause.toString().contains(OutOfMemoryError.class.getName()));
    }

    /** Java calls it the same when the system refuses a thread. */
    private static String outOf(String message) {
      return message.contains("native thread")
          ? "the system refuses another thread (" + message + "); raise the limit (ulimit -u)"
          : "out of memory (" + message + "); give Java more, such as HBAR_JAVA_OPTS=-Xmx4g";
    }

    /** The text of an error on one line: control characters as escapes, long echoes cut. */
    private static String line(String message) {
      String joined = ErrorText.joined(message);
      String words =
          WORD.matcher(joined)
              .replaceAll(word -> Matcher.quoteReplacement(cut(word.group(), LONGEST_WORD)));
      return ErrorText.oneLine(cut(words, LONGEST_LINE));
    }

    /** The start and the end: a path tells most at its end, a message at its start. */
    private static String cut(String text, int longest) {
      int half = longest / 2;
      return text.length() <= longest
          ? text
          : text.substring(0, half) + "..." + text.substring(text.length() - half);
    }
  }
}
