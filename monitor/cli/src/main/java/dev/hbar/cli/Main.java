package dev.hbar.cli;

import dev.hbar.mlx.Mlx;
import dev.hbar.mlx.QuantizationMode;
import dev.hbar.model.capture.Span;
import dev.hbar.model.family.RopeReference;
import dev.hbar.model.layer.MaskChoice;
import dev.hbar.study.calibrate.Calibration;
import dev.hbar.study.dataset.Draw;
import dev.hbar.study.dataset.Protocol;
import dev.hbar.study.detect.DetectorKind;
import dev.hbar.study.scoring.MlxScoringBackend;
import dev.hbar.study.scoring.ScoringBackend;
import dev.hbar.study.states.StatePosition;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;

/** The command {@code hbar}. */
@Command(
    name = "hbar",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    description = "Measures, token by token, how uncertain a language model is.",
    footer = {"", "Example:", "  hbar summary scores.jsonl --plot scores.png"})
public final class Main implements Runnable {
  @Mixin private final Logging logging = new Logging();

  /** Runs a command and exits with its code; the only place that exits. */
  public static void main(String[] args) {
    // This process is ours: an interrupt need not wait for what MLX is computing.
    Mlx.exitAtOnce();
    // Ours never follows the locale; what libraries write, such as the completion, neither.
    Locale.setDefault(Locale.ROOT);
    Environment environment = Environment.ofProcess();
    int code = ExitCodes.FAILED;
    try {
      String[] exact = Environment.Arguments.read(args, Path.of("/proc/self/cmdline"));
      code = run(exact, environment);
    } catch (CommandException e) {
      environment.err().println("hbar: " + e.getMessage());
      code = ExitCodes.USAGE;
    }
    // An exit asks for a logger; where only help was printed nothing else is there to stop.
    if (code != ExitCodes.OK || Logging.isConfigured()) {
      System.exit(code);
    }
  }

  /** Runs a command in this process and returns its exit code. */
  static int run(String[] args, Environment environment) {
    return run(args, environment, commands(environment));
  }

  /** As above, with the commands given. */
  static int run(String[] args, Environment environment, List<Object> commands) {
    Main main = new Main();
    Logging.ErrorReport errors = new Logging.ErrorReport(environment.err(), main.logging::verbose);
    int code;
    try {
      code = main.line(environment, commands, List.of(args), errors).execute(args);
    } catch (LinkageError | VirtualMachineError e) {
      errors.report(e);
      code = ExitCodes.FAILED;
    }
    Optional<String> loss =
        environment.flush()
            ? Logging.loss()
            : Optional.of(
                "the output could not be written whole; stdout is closed or its disk full");
    loss.ifPresent(what -> errors.report(new CommandException(what)));
    return code == ExitCodes.OK && loss.isPresent() ? ExitCodes.FAILED : code;
  }

  private CommandLine line(
      Environment environment,
      List<Object> commands,
      List<String> args,
      Logging.ErrorReport errors) {
    CommandLine line = line(commands, args::contains);
    boolean colours = environment.palette() != Terminal.Palette.PLAIN;
    return line.setOut(environment.out())
        .setErr(environment.err())
        .setColorScheme(CommandLine.Help.defaultColorScheme(colours ? Ansi.ON : Ansi.OFF))
        .setExecutionExceptionHandler(errors)
        .setParameterExceptionHandler(errors)
        .setExecutionStrategy(parsed -> execute(parsed, environment, errors));
  }

  /** The command with its subcommands, as it is parsed and completed. */
  private CommandLine line(List<Object> commands, Predicate<String> called) {
    CommandLine line = new CommandLine(this);
    for (Object command : commands) {
      Command said = command.getClass().getAnnotation(Command.class);
      if (called.test(said.name())) {
        line.addSubcommand(command instanceof DetectCommand detect ? detect.line() : command);
      } else {
        line.addSubcommand(said.name(), outline(said));
      }
    }
    Named.register(line);
    return line.setExpandAtFiles(false);
  }

  /**
   * A command that is not called: all of their options together take half of the time of a start.
   */
  private static CommandSpec outline(Command said) {
    CommandSpec spec = CommandSpec.create();
    spec.usageMessage().description(said.description());
    return spec;
  }

  private int execute(ParseResult parsed, Environment environment, Logging.ErrorReport errors) {
    Integer helped = CommandLine.executeHelpRequest(parsed);
    if (helped != null) {
      return helped;
    }
    try {
      Output.Places.check(parsed);
      logging.configure(environment.screen());
    } catch (WrongUsage | CommandException e) {
      return errors.handleExecutionException(e, last(parsed).commandSpec().commandLine(), parsed);
    }
    return new CommandLine.RunLast().execute(parsed);
  }

  private static ParseResult last(ParseResult parsed) {
    return parsed.hasSubcommand() ? last(parsed.subcommand()) : parsed;
  }

  /** As completion sees it. */
  static CommandLine complete(Environment environment) {
    return new Main().line(commands(environment), name -> true);
  }

  /** Without a command. */
  @Override
  public void run() {
    throw new WrongUsage("which command?");
  }

  /** The commands of the product. */
  static List<Object> commands(Environment environment) {
    ScoringBackend backend = new MlxScoringBackend(environment.variables());
    return List.of(
        new DoctorCommand(environment),
        new PullCommand(environment),
        new ConvertCommand(environment),
        new InspectCommand(environment),
        new TraceCommand(environment),
        new CompareCommand(environment),
        new GenerateCommand(environment),
        new ChatCommand(environment),
        new BenchCommand(environment),
        new ServeCommand(environment),
        new RenderCommand(environment),
        new SplitCommand(environment),
        new ScoreCommand(environment, backend),
        new ScoreTextCommand(environment),
        new StatesCommand(environment),
        new DetectCommand(environment),
        new CalibrateCommand(environment),
        new ValidateCommand(environment),
        new SweepCommand(environment, backend),
        new SummaryCommand(environment),
        new ReportCommand(environment),
        new CompletionCommand(environment));
  }

  /** The version of the jar this runs from. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {"hbar " + (version == null ? "(not from a jar)" : version)};
    }
  }

  /**
   * Reads one of a few values by its name, which is its {@code toString} in any case. Completion
   * offers the same names.
   */
  static final class Named<T extends Enum<T>> implements ITypeConverter<T> {
    private final List<T> values;

    private Named(Class<T> type) {
      this.values = List.of(type.getEnumConstants());
    }

    /** Teaches a command and its subcommands all types whose values are chosen by name. */
    static void register(CommandLine command) {
      register(command, Draw.Partition.class);
      register(command, Protocol.class);
      register(command, Calibration.PolarityRule.class);
      register(command, HaltOptions.RiskKind.class);
      register(command, QuantizationMode.class);
      register(command, DetectorKind.class);
      register(command, StatePosition.class);
      register(command, RopeReference.class);
      register(command, Span.class);
      register(command, MaskChoice.class);
      register(command, CheckpointArgument.Activations.class);
      register(command, ScoreCommand.Answers.class);
      register(command, Together.Kind.class);
      register(command, StatesCommand.Format.class);
      register(command, StatesCommand.Precision.class);
      register(command, CompletionCommand.Shell.class);
    }

    private static <T extends Enum<T>> void register(CommandLine command, Class<T> type) {
      command.registerConverter(type, new Named<>(type));
    }

    @Override
    public T convert(String text) {
      return values.stream()
          .filter(value -> value.toString().equalsIgnoreCase(text))
          .findFirst()
          .orElseThrow(() -> new TypeConversionException("'" + text + "' is " + otherwise()));
    }

    private String otherwise() {
      String[] names =
          values.stream()
              .map(one -> one.toString().toLowerCase(Locale.ROOT))
              .toArray(String[]::new);
      return names.length == 2
          ? "neither " + names[0] + " nor " + names[1]
          : "none of " + String.join(", ", names);
    }
  }
}
