package dev.hbar.cli;

import dev.hbar.mlx.HbarException;
import dev.hbar.model.checkpoint.CheckpointException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Turns every error into one line on stderr and an exit code; the trace only with -v. */
final class ErrorReport implements IExecutionExceptionHandler, IParameterExceptionHandler {
  private final CommonOptions options;

  ErrorReport(CommonOptions options) {
    this.options = options;
  }

  @Override
  public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
    report(failure, command.getErr());
    boolean noCheckpoint = failure instanceof CheckpointException found && found.isBadArgument();
    return noCheckpoint ? ExitCodes.USAGE : ExitCodes.FAILED;
  }

  @Override
  public int handleParseException(ParameterException wrongUsage, String[] args) {
    CommandLine command = wrongUsage.getCommandLine();
    PrintWriter err = command.getErr();
    String name = command.getCommandSpec().qualifiedName();
    err.println("hbar: " + ShownText.line(wrongUsage.getMessage()) + "; see '" + name + " --help'");
    err.flush();
    return ExitCodes.USAGE;
  }

  /** Prints the one line, and logs the trace. */
  void report(Throwable failure, PrintWriter err) {
    LoggerFactory.getLogger(ErrorReport.class).debug("the command failed", failure);
    err.println("hbar: " + describe(failure));
    if (options.verbose()) {
      failure.printStackTrace(err);
    }
    err.flush();
  }

  private static String describe(Throwable failure) {
    if (failure instanceof UncheckedIOException io) {
      return describe(io.getCause());
    }
    String message = failure.getMessage() == null ? "" : ShownText.line(failure.getMessage());
    if (failure instanceof FileSystemException) {
      String kind = failure.getClass().getSimpleName().replace("Exception", "");
      return message + " (" + kind + ")";
    }
    // Our own exceptions are written for users; any other one reaching this place is a defect.
    if (failure instanceof HbarException && !message.isEmpty()) {
      return message;
    }
    if (failure instanceof OutOfMemoryError) {
      return "out of memory (" + message + "); give Java more, such as HBAR_JAVA_OPTS=-Xmx4g";
    }
    if (failure instanceof StackOverflowError) {
      return "the input is nested too deeply to be read; make it flatter";
    }
    String kind = failure.getClass().getSimpleName();
    return "internal error, %s%s; run again with -v for its trace"
        .formatted(kind, message.isEmpty() ? "" : ": " + message);
  }
}
