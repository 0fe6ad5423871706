package dev.hbar.cli;

import dev.hbar.mlx.Mlx;
import dev.hbar.model.capture.CapturePoint;
import dev.hbar.model.capture.CapturePoints;
import dev.hbar.model.capture.CaptureRequest;
import dev.hbar.model.capture.Span;
import dev.hbar.model.checkpoint.ModelConfig;
import dev.hbar.model.family.CausalLm;
import dev.hbar.model.family.LoadOptions;
import dev.hbar.model.layer.MaskChoice;
import dev.hbar.model.tokenizer.Tokenizer;
import dev.hbar.study.parity.PromptPass;
import dev.hbar.study.parity.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code hbar trace}: every state of a greedy generation, for comparison with another engine. */
@Command(
    name = "trace",
    mixinStandardHelpOptions = true,
    description = "Generate greedily and write logits, blocks and signals of every step.",
    footer = {
      "",
      "Example:",
      "  hbar trace .hbar/models/SmolLM2-135M-Instruct-4bit \\",
      "    --prompt \"The capital of France is\" --steps 8 --points 'block.*.output' \\",
      "    --out trace"
    })
final class TraceCommand implements Callable<Integer> {
  private final Environment environment;
  @Mixin private final CheckpointArgument checkpoint;

  @ArgGroup(exclusive = true, multiplicity = "1")
  private Prompt prompt = new Prompt();

  @Option(
      names = "--steps",
      defaultValue = "8",
      paramLabel = "N",
      description = "Most tokens generated (default: ${DEFAULT-VALUE}).")
  private int steps;

  @Option(names = "--ignore-eos", description = "Go on after an end-of-sequence token.")
  private boolean ignoreEos;

  @Mixin private CheckpointArgument.Computed computed = new CheckpointArgument.Computed();

  @Option(
      names = "--mask",
      defaultValue = "auto",
      paramLabel = "MASK",
      description = "auto: MLX's causal mode where it fits; additive: always an array.")
  private MaskChoice mask = MaskChoice.AUTO;

  @Mixin private CheckpointArgument.Rope rope = new CheckpointArgument.Rope();

  @Mixin private Points points = new Points();

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Folder for trace.safetensors and trace.json.")
  private Path out = Path.of("");

  TraceCommand(Environment environment) {
    this.environment = environment;
    this.checkpoint = new CheckpointArgument(environment);
  }

  @Override
  public Integer call() throws Exception {
    if (steps < 1) {
      throw new WrongUsage("--steps must be at least 1");
    }
    CheckpointArgument.Opened opened = checkpoint.open();
    ModelConfig config = opened.loader().config();
    CaptureRequest request = points.request(config.layers());
    int[] tokens =
        opened.known(
            prompt.tokens(() -> rope.reference.tokenizer(opened.directory().path(), config)));
    requireFits(tokens.length, config);
    createFolder();
    LoadOptions options = new LoadOptions(opened.compute(computed.dtype), mask, rope.reference);
    opened.plan(options, tokens.length + steps, request.needsOnePass() ? tokens.length : 0);
    Traced traced = opened.use(options, model -> trace(model, tokens, request));
    points.requireGiven(traced.states(), config.layers(), config.modelType());
    new Trace.Writer(opened.directory().name(), options.compute().dtype(), tokens)
        .with("compute", options.words())
        .with("rope_reference", rope.reference.toString())
        .with("mlx", Mlx.version())
        .with(request, traced.states())
        .write(traced.trace(), out);
    environment.out().printf("%s steps in %s%n", traced.trace().steps().size(), out);
    return ExitCodes.OK;
  }

  /** The generation, and the named states of the prompt. */
  private record Traced(Trace trace, List<PromptPass.State> states) {}

  private Traced trace(CausalLm model, int[] tokens, CaptureRequest request) {
    Trace trace = Trace.of(model, tokens, steps, ignoreEos);
    boolean named = !request.points().isEmpty();
    return new Traced(trace, named ? new PromptPass(model).states(tokens, request) : List.of());
  }

  /** Nothing is cut silently. */
  private void requireFits(int promptTokens, ModelConfig config) {
    int context = config.contextLength();
    if ((long) promptTokens + steps > context) {
      throw new CommandException(
          "%s prompt and %s new tokens exceed the context of %s (max_position_embeddings, in %s); shorten the prompt or take fewer --steps"
              .formatted(promptTokens, steps, context, config.file()));
    }
  }

  private void createFolder() {
    try {
      Files.createDirectories(out);
    } catch (IOException e) {
      throw new CommandException("cannot create the folder " + out + "; choose another --out", e);
    }
  }

  /** Which named states to look at. */
  static final class Points {
    @Option(
        names = "--points",
        split = ",",
        paramLabel = "POINT",
        description =
            "Named states of the prompt's pass, such as embedding, block.3.q_rope or "
                + "block.*.output; block.3.* is everything in block 3.")
    private List<String> patterns = List.of();

    @Option(
        names = "--positions",
        defaultValue = "last",
        paramLabel = "last|all",
        description = "Which positions of the prompt (default: ${DEFAULT-VALUE}).")
    private Span span = Span.LAST;

    /** The request for a model with so many blocks; wrong names are wrong usage. */
    CaptureRequest request(int layers) {
      Set<CapturePoint> points = new LinkedHashSet<>();
      for (String pattern : patterns) {
        try {
          points.addAll(CapturePoints.expand(pattern, layers));
        } catch (IllegalArgumentException unknown) {
          throw new WrongUsage("--points " + unknown.getMessage(), unknown);
        }
      }
      return new CaptureRequest(points, span);
    }

    /** A point that was named must be there; one that a trailing star meant may be absent. */
    void requireGiven(List<PromptPass.State> states, int layers, String family) {
      Set<CapturePoint> given =
          states.stream().map(PromptPass.State::point).collect(Collectors.toSet());
      for (String pattern : patterns) {
        for (CapturePoint point : CapturePoints.expand(pattern, layers)) {
          if (!pattern.endsWith(".*") && !given.contains(point)) {
            throw new CommandException(
                "%s is not computed by this model (%s); leave it out of --points"
                    .formatted(point.label(), family));
          }
        }
      }
    }
  }

  /** A prompt as text or as ids, one of the two. */
  static final class Prompt {
    @Option(names = "--prompt", paramLabel = "TEXT", description = "The prompt as text.")
    private Optional<String> text = Optional.empty();

    @Option(
        names = "--prompt-ids",
        paramLabel = "ID",
        split = ",",
        description = "The prompt as token ids; then the folder needs no tokenizer.")
    private List<Integer> ids = List.of();

    int[] tokens(Supplier<Tokenizer> tokenizer) {
      return text.map(prompt -> encode(tokenizer, prompt)).orElseGet(this::given);
    }

    private int[] given() {
      return ids.stream().mapToInt(Integer::intValue).toArray();
    }

    private static int[] encode(Supplier<Tokenizer> opened, String prompt) {
      try (Tokenizer tokenizer = opened.get()) {
        return tokenizer.encode(prompt);
      }
    }
  }
}
