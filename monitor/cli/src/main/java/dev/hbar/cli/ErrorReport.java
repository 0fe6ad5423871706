package dev.hbar.cli;

import dev.hbar.mlx.ErrorText;
import dev.hbar.mlx.HbarException;
import dev.hbar.model.checkpoint.CheckpointException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Turns every error into one line on stderr and an exit code; the trace only with -v. */
final class ErrorReport implements IExecutionExceptionHandler, IParameterExceptionHandler {
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
  public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
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
    LoggerFactory.getLogger(ErrorReport.class).debug("the command failed", failure);
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
      case StackOverflowError deep -> "the input is nested too deeply to be read; make it flatter";
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
