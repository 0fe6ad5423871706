package dev.hbar.cli;

import dev.hbar.study.parity.Preset;
import dev.hbar.study.scoring.MlxScoringBackend;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code hbar}. */
@Command(
    name = "hbar",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    description = "Measures, token by token, how uncertain a language model is.",
    footer = {"", "Example:", "  hbar summary scores.jsonl --plot scores.png"})
public final class Main implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private CommonOptions options = new CommonOptions();

  /** Runs a command and exits with its code; the only place that exits. */
  public static void main(String[] args) {
    PrintWriter err = utf8(FileDescriptor.err);
    try {
      String[] exact = Arguments.read(args, Path.of("/proc/self/cmdline"));
      System.exit(run(exact, utf8(FileDescriptor.out), err, Terminal.detect()));
    } catch (CommandException e) {
      err.println("hbar: " + e.getMessage());
      System.exit(ExitCodes.USAGE);
    }
  }

  /** Runs a command in this process and returns its exit code. */
  static int run(String[] args, PrintWriter out, PrintWriter err, Terminal terminal) {
    return run(args, out, err, terminal, commands(terminal));
  }

  /** As above, with the commands given. */
  static int run(
      String[] args, PrintWriter out, PrintWriter err, Terminal terminal, List<Object> commands) {
    Main main = new Main();
    ErrorReport errors = new ErrorReport(main.options);
    boolean colour = terminal.palette(System.getenv()) != Palette.PLAIN;
    PlainWriter plainOut = new PlainWriter(out, colour);
    PrintWriter shownErr = new PrintWriter(new PlainWriter(err, colour), true);
    CommandLine line = new CommandLine(main);
    commands.forEach(line::addSubcommand);
    line.setCaseInsensitiveEnumValuesAllowed(true)
        .setExpandAtFiles(false)
        .setOut(new PrintWriter(plainOut, true))
        .setErr(shownErr)
        .setColorScheme(CommandLine.Help.defaultColorScheme(colour ? Ansi.ON : Ansi.OFF))
        .setExecutionExceptionHandler(errors)
        .setParameterExceptionHandler(errors)
        .setExecutionStrategy(
            parsed -> {
              try {
                Logging.configure(main.options.verbose(), main.options.logFile());
              } catch (CommandException e) {
                errors.report(e, shownErr);
                return ExitCodes.FAILED;
              }
              if (parsed.hasSubcommand()
                  && parsed.subcommand().commandSpec().userObject() instanceof GenerateCommand) {
                // Its text is the model's, as it is; on a terminal it takes control characters out.
                plainOut.passAll();
              }
              return new CommandLine.RunLast().execute(parsed);
            });
    int code = execute(line, args, errors);
    line.getOut().flush();
    Optional<String> loss =
        out.checkError()
            ? Optional.of(
                "the output could not be written whole; stdout is closed or its disk full")
            : Logging.loss();
    loss.ifPresent(what -> errors.report(new CommandException(what), shownErr));
    shownErr.flush();
    return code == ExitCodes.OK && loss.isPresent() ? ExitCodes.FAILED : code;
  }

  private static int execute(CommandLine line, String[] args, ErrorReport errors) {
    try {
      return line.execute(args);
    } catch (LinkageError | VirtualMachineError e) {
      errors.report(e, line.getErr());
      return ExitCodes.FAILED;
    }
  }

  /** Without a command. */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "which command?");
  }

  /** The commands of the product. */
  static List<Object> commands(Terminal terminal) {
    return List.of(
        new DoctorCommand(),
        new PullCommand(System.getenv(), terminal),
        new ConvertCommand(terminal),
        new InspectCommand(),
        new TraceCommand(),
        new CompareCommand(System.getenv(), Preset.all()),
        new GenerateCommand(System.getenv(), System.in, terminal),
        new RenderCommand(System.getenv(), System.in),
        new SplitCommand(),
        new ScoreCommand(new MlxScoringBackend(System.getenv()), terminal),
        new ScoreTextCommand(System.getenv()),
        new StatesCommand(System.getenv(), terminal),
        new DetectCommand(),
        new CalibrateCommand(),
        new ValidateCommand(),
        new SweepCommand(new MlxScoringBackend(System.getenv()), terminal),
        new SummaryCommand(),
        new ReportCommand());
  }

  /** UTF-8 whatever the locale says: prompts and tokens are. */
  private static PrintWriter utf8(FileDescriptor descriptor) {
    return new PrintWriter(
        new OutputStreamWriter(new FileOutputStream(descriptor), StandardCharsets.UTF_8), true);
  }

  /** The version of the jar this runs from. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {"hbar " + (version == null ? "(not from a jar)" : version)};
    }
  }
}
