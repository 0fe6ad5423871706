package dev.hbar.cli;

import dev.hbar.monitor.generation.GenerationModel;
import dev.hbar.monitor.generation.GenerationResult;
import dev.hbar.monitor.generation.GenerationSettings;
import dev.hbar.monitor.generation.OpenOptions;
import dev.hbar.monitor.risk.HaltPolicy;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code hbar generate}: text that streams token by token, coloured. */
@Command(
    name = "generate",
    mixinStandardHelpOptions = true,
    description = {
      "Generate text and measure every token; on a terminal its colour shows it.",
      "",
      "With --params the colour is the risk they give (green to red). Without, it is the token's "
          + "surprise on a neutral scale: calibration finds the study's hbar_s inverted "
          + "(hallucinations have lower values), so its risk is shown only where --tau or "
          + "--halt-on asks for it. Text is cut off with --halt-on: the risky token is left out "
          + "and the exit code is 0.",
      ""
    },
    footer = {
      "",
      "Example:",
      "  hbar generate .hbar/models/SmolLM2-135M-Instruct-4bit \\",
      "    --chat --prompt \"What is the capital of France?\"",
      "",
      "Ctrl-C stops after the current token."
    })
final class GenerateCommand implements Callable<Integer> {
  private final Map<String, String> environment;
  private final InputStream in;
  private final Terminal terminal;
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private PromptOptions prompts = new PromptOptions();
  @Mixin private SamplingOptions sampling = new SamplingOptions();
  @Mixin private HaltOptions halting = new HaltOptions();
  @Mixin private RopeOptions rope = new RopeOptions();

  @Mixin private AdapterOption adapter = new AdapterOption();

  @Parameters(paramLabel = "CHECKPOINT", description = "A folder, or ORG/NAME[@REVISION].")
  private String checkpoint = "";

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      description =
          "Most new tokens (default: "
              + GenerationSettings.DEFAULT_MAX_TOKENS
              + ", or as many as fit into the context).")
  private Optional<Integer> maxTokens = Optional.empty();

  @Option(
      names = "--json",
      description = "Print one JSON document with the text and every token's signals.")
  private boolean json;

  /**
   * A command that reads prompts from {@code in}.
   *
   * @param environment names the Hugging Face cache and whether colours are wanted
   */
  GenerateCommand(Map<String, String> environment, InputStream in, Terminal terminal) {
    this.environment = Map.copyOf(environment);
    this.in = in;
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    GenerationSettings settings = settings();
    String text = prompts.text(in);
    PrintWriter err = spec.commandLine().getErr();
    try (Interrupts interrupts = Interrupts.installAtOnce(System.err);
        GenerationModel model = GenerationModel.open(adapter.on(checkpoint), opening())) {
      halting.check(model).ifPresent(notice -> err.println("note: " + notice));
      String input = prompts.input(text, model);
      int[] ids = prompts.ids(input, model);
      err.printf("%s on %s; %s prompt tokens%n", model.name(), model.compute(), ids.length);
      err.flush();
      TokenPrinter printer = printer(interrupts, settings.halt());
      printer.legend().ifPresent(err::println);
      err.flush();
      GenerationResult result = model.generate(ids, settings, printer);
      printer.finish(result);
      if (result.tokens().isEmpty() && result.dropped().isEmpty()) {
        return interrupts.exitCode();
      }
      if (json) {
        GenerationJson.Origin origin =
            new GenerationJson.Origin(model.name(), model.compute(), text, input, ids.length);
        spec.commandLine().getOut().println(GenerationJson.json(origin, settings, result));
      }
      err.println(GenerationLine.of(result, settings, printer.tokensPerSecond()));
      return exitCode(interrupts);
    }
  }

  private OpenOptions opening() {
    return OpenOptions.DEFAULT.withEnvironment(environment).withRopeReference(rope.reference);
  }

  private TokenPrinter printer(Interrupts interrupts, HaltPolicy policy) {
    return new TokenPrinter(
        spec.commandLine().getOut(),
        json,
        policy,
        terminal,
        terminal.palette(environment),
        interrupts,
        System::nanoTime);
  }

  private int exitCode(Interrupts interrupts) {
    return interrupts.requested() ? interrupts.exitCode() : ExitCodes.OK;
  }

  private GenerationSettings settings() {
    Optional<String> wrongCount =
        maxTokens.filter(n -> n < 1).map(n -> "--max-tokens must be at least 1");
    WrongUsage.refuse(
        spec,
        Stream.of(prompts.problem(), sampling.problem(), halting.problem(), wrongCount)
            .flatMap(Optional::stream)
            .findFirst());
    try {
      GenerationSettings.Builder settings =
          GenerationSettings.builder().sampling(sampling.sampling()).halt(halting.policy());
      maxTokens.ifPresent(settings::maxTokens);
      return settings.build();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--" + e.getMessage());
    }
  }
}
