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
import java.io.FilterOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Option;
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
}
