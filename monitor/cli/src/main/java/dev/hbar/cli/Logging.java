package dev.hbar.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.filter.ThresholdFilter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.status.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/**
 * Sets Logback up for one command: only errors reach stderr unless -v asks for more; a log file
 * gets everything from DEBUG on.
 */
final class Logging {
  private static final String CONSOLE_PATTERN =
      "%-5level %logger{20}: %replace(%msg){'\\p{Cntrl}','?'}%n%nopex";
  private static final String FILE_PATTERN =
      "%d{ISO8601} %-5level [%thread] %logger: %replace(%msg){'\\p{Cntrl}','?'}%n";

  private Logging() {}

  /**
   * Replaces whatever configuration is there.
   *
   * @throws CommandException if the log file cannot be written
   */
  static void configure(boolean verbose, Optional<Path> logFile) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    context.getStatusManager().clear();
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.DEBUG);
    ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
    console.setTarget("System.err");
    attach(root, console, CONSOLE_PATTERN, verbose ? Level.DEBUG : Level.ERROR);
    logFile.ifPresent(file -> attachFile(root, file));
  }

  /** What kept a log file from being written whole, if anything. */
  static Optional<String> loss() {
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
  }

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
    appender.start();
    root.addAppender(appender);
  }
}
