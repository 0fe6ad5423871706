package dev.hbar.cli;

import dev.hbar.mlx.MlxGroup;
import dev.hbar.model.answer.Answer;
import dev.hbar.model.answer.AnswerStream;
import dev.hbar.model.decode.Sampling;
import dev.hbar.monitor.generation.GenerationModel;
import dev.hbar.monitor.generation.GenerationResult;
import dev.hbar.monitor.generation.GenerationSettings;
import dev.hbar.monitor.generation.OpenOptions;
import dev.hbar.monitor.generation.TokenListener;
import dev.hbar.monitor.risk.HaltPolicy;
import java.io.PrintWriter;
import java.io.Writer;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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
      "  scripts/launch -n 3 hbar generate .hbar/models/SmolLM2-135M-Instruct-4bit \\",
      "    --prompt \"The capital of France is\" --parallel tensor",
      "",
      "Ctrl-C stops after the current token."
    })
final class GenerateCommand implements Callable<Integer> {
  private final Environment environment;
  @Mixin private Prompt prompts = new Prompt();
  @Mixin private Draws sampling = new Draws();
  @Mixin private HaltOptions halting = new HaltOptions();
  @Mixin private CheckpointArgument.Rope rope = new CheckpointArgument.Rope();

  @Mixin private final CheckpointArgument checkpoint;

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      description =
          "Most new tokens (default: "
              + GenerationSettings.DEFAULT_MAX_TOKENS
              + ", or as many as fit into the context).")
  private Optional<Integer> maxTokens = Optional.empty();

  @Mixin private final Together together;
  @Mixin private final Output output;

  GenerateCommand(Environment environment) {
    this.environment = environment;
    this.together = new Together(environment);
    this.checkpoint = new CheckpointArgument(environment);
    this.output = new Output(environment);
  }

  @Override
  public Integer call() {
    WrongUsage.refuse(together.problem(prompts.piped(), sampling.unrepeatable()));
    return together.run(
        group ->
            group.filter(all -> all.rank() > 0).map(this::follow).orElseGet(() -> lead(group)));
  }

  /** Computes what rank 0 does, and prints nothing. */
  private int follow(MlxGroup group) {
    GenerationSettings settings = settings();
    // Rank 0 stops where the user wants, and this one with it.
    Interrupts unheeded = Interrupts.install(new PrintWriter(Writer.nullWriter()));
    try (GenerationModel model =
        GenerationModel.open(checkpoint.name(), opening(Optional.of(group)))) {
      halting.check(model);
      int[] ids = prompts.ids(prompts.input(prompts.text(environment.in()), model), model);
      Agreement.require(group, model, ids, settings);
      model.generate(ids, settings, TokenListener.NONE);
      return ExitCodes.OK;
    } finally {
      unheeded.close();
    }
  }

  private int lead(Optional<MlxGroup> group) {
    GenerationSettings settings = settings();
    String text = prompts.text(environment.in());
    PrintWriter err = environment.err();
    try (Interrupts interrupts = Interrupts.installAtOnce(environment.err());
        GenerationModel model =
            CheckpointArgument.generating(checkpoint.name(), opening(group), environment)) {
      halting.check(model).ifPresent(notice -> err.println("note: " + notice));
      String input = prompts.input(text, model);
      int[] ids = prompts.ids(input, model);
      group.ifPresent(all -> Agreement.require(all, model, ids, settings));
      err.printf("%s on %s; %s prompt tokens%n", model.name(), model.compute(), ids.length);
      err.flush();
      TokenPrinter printer =
          printer(interrupts, settings.halt(), halting.abstainAbove().isPresent())
              .answering(prompts.answer(input, model), err);
      printer.legend().ifPresent(err::println);
      err.flush();
      GenerationResult result = model.generate(ids, settings, printer);
      printer.finish(result);
      if (result.tokens().isEmpty() && result.dropped().isEmpty()) {
        return interrupts.exitCode();
      }
      Optional<GenerationReport.Abstention> abstention =
          halting.abstainAbove().map(above -> GenerationReport.Abstention.of(result, above));
      if (output.json()) {
        GenerationReport.Origin origin =
            new GenerationReport.Origin(model.name(), model.compute(), text, input, ids.length);
        String document =
            GenerationReport.json(
                origin, settings, result, answer(input, model, result), abstention);
        output.print(() -> document, () -> "");
      } else if (abstention.filter(decided -> !decided.abstains()).isPresent()) {
        TokenPrinter late =
            printer(interrupts, settings.halt(), false)
                .answering(prompts.answer(input, model), err);
        result.tokens().forEach(late::accept);
        late.finish(result);
      }
      err.println(GenerationReport.line(result, settings, printer.tokensPerSecond()));
      abstention.ifPresent(decided -> err.println(decided.words()));
      return exitCode(interrupts);
    }
  }

  private Optional<Answer> answer(String input, GenerationModel model, GenerationResult result) {
    Optional<AnswerStream> stream = prompts.answer(input, model);
    stream.ifPresent(
        parts -> {
          result.tokens().forEach(token -> parts.add(token.id()));
          parts.finish();
        });
    return stream.map(AnswerStream::answer);
  }

  private OpenOptions opening(Optional<MlxGroup> group) {
    OpenOptions alone =
        OpenOptions.DEFAULT
            .withEnvironment(environment.variables())
            .withRopeReference(rope.reference);
    return group.map(alone::spreadOver).orElse(alone);
  }

  private TokenPrinter printer(Interrupts interrupts, HaltPolicy policy, boolean waits) {
    return new TokenPrinter(
        environment.text(),
        output.json() || waits,
        policy,
        environment.terminal(),
        environment.palette(),
        interrupts,
        environment.nanoTime());
  }

  private int exitCode(Interrupts interrupts) {
    return interrupts.requested() ? interrupts.exitCode() : ExitCodes.OK;
  }

  private GenerationSettings settings() {
    Optional<String> wrongCount =
        maxTokens.filter(n -> n < 1).map(n -> "--max-tokens must be at least 1");
    WrongUsage.refuse(
        Stream.of(prompts.problem(), sampling.problem(), halting.problem(), wrongCount)
            .flatMap(Optional::stream)
            .findFirst());
    try {
      GenerationSettings.Builder settings =
          GenerationSettings.builder().sampling(sampling.sampling()).halt(halting.policy());
      maxTokens.ifPresent(settings::maxTokens);
      return settings.build();
    } catch (IllegalArgumentException e) {
      throw new WrongUsage("--" + e.getMessage());
    }
  }

  /** How tokens are chosen. */
  static final class Draws {
    /** Below it, logits over temperature leave float32's range; it is greedy in all but name. */
    private static final float LEAST_TEMPERATURE = 0.001f;

    @Option(
        names = "--temperature",
        defaultValue = "0",
        paramLabel = "T",
        description = "0 takes the likeliest token, above 0 draws one (default: ${DEFAULT-VALUE}).")
    private float temperature;

    @Option(names = "--top-k", paramLabel = "K", description = "Draw from the K likeliest tokens.")
    private Optional<Integer> topK = Optional.empty();

    @Option(
        names = "--top-p",
        paramLabel = "P",
        description = "Draw from the fewest tokens that have probability P together.")
    private Optional<Float> topP = Optional.empty();

    @Option(
        names = "--min-p",
        paramLabel = "P",
        description = "Drop tokens below P times the largest probability.")
    private Optional<Float> minP = Optional.empty();

    @Option(
        names = "--seed",
        paramLabel = "N",
        description = "Repeat the draws of an earlier run (default: a new one, shown at the end).")
    private Optional<Long> seed = Optional.empty();

    @Option(
        names = "--repetition-penalty",
        paramLabel = "X",
        description =
            "Divide the logits of tokens that the prompt or the text has by X, negative ones "
                + "multiply (transformers' rule; 1: off).")
    private Optional<Float> repetition = Optional.empty();

    @Option(
        names = "--presence-penalty",
        paramLabel = "X",
        description = "Take X from the logits of tokens that the text has (OpenAI's rule).")
    private Optional<Float> presence = Optional.empty();

    @Option(
        names = "--frequency-penalty",
        paramLabel = "X",
        description = "Take X for each time that the text has the token (OpenAI's rule).")
    private Optional<Float> frequency = Optional.empty();

    @Option(
        names = "--logit-bias",
        paramLabel = "ID=X",
        description = "Add X to the logit of a token id; repeatable.")
    private Map<Integer, Float> logitBias = new LinkedHashMap<>();

    /** The first value that makes no sense, if any. */
    Optional<String> problem() {
      boolean greedy = temperature == 0;
      if (!greedy && !(temperature >= LEAST_TEMPERATURE && Float.isFinite(temperature))) {
        return Optional.of("--temperature must be 0, or a number from " + LEAST_TEMPERATURE);
      }
      boolean given = topK.isPresent() || topP.isPresent() || minP.isPresent() || seed.isPresent();
      return greedy && given
          ? Optional.of("--top-k, --top-p, --min-p and --seed need a --temperature above 0")
          : Optional.empty();
    }

    /**
     * The choice, a new seed with every call unless one was given.
     *
     * @throws IllegalArgumentException naming the option without its dashes
     */
    Sampling sampling() {
      Sampling.Penalties penalties =
          new Sampling.Penalties(repetition.orElse(1f), presence.orElse(0f), frequency.orElse(0f));
      return drawn().with(penalties).withLogitBias(logitBias);
    }

    /** Whether another process would draw other tokens. */
    boolean unrepeatable() {
      return temperature > 0 && seed.isEmpty();
    }

    private Sampling drawn() {
      return temperature == 0
          ? Sampling.GREEDY
          : new Sampling(
              temperature,
              topK.orElse(0),
              topP.orElse(1f),
              minP.orElse(0f),
              // Short enough to be typed again.
              seed.orElseGet(() -> (long) new SecureRandom().nextInt(Integer.MAX_VALUE)));
    }
  }
}
