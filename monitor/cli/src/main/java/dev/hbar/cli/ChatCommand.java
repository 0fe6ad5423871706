package dev.hbar.cli;

import dev.hbar.monitor.generation.GenerationModel;
import dev.hbar.monitor.generation.GenerationSettings;
import dev.hbar.monitor.generation.OpenOptions;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code hbar chat}: a conversation in the terminal, its tokens coloured as they come. */
@Command(
    name = "chat",
    mixinStandardHelpOptions = true,
    description = {
      "Talk with a model in the terminal; the colour of a token shows how unsure the model was.",
      "",
      "With --params or --detector the colour is the risk that they give, else the token's "
          + "surprise. Each answer goes on from the keys and values of the turns before. On a "
          + "terminal lines can be edited and earlier ones come back with the arrow keys; Ctrl-C "
          + "stops the answer, Ctrl-D ends the conversation, /help lists the commands. Where "
          + "stdin is a file or a pipe, each line is a question.",
      ""
    },
    footer = {"", "Example:", "  hbar chat .hbar/models/SmolLM2-135M-Instruct-4bit"})
final class ChatCommand implements Callable<Integer> {
  private static final int ALTERNATIVES = 3;

  private final Environment environment;

  @Mixin private GenerateCommand.Draws sampling = new GenerateCommand.Draws();
  @Mixin private HaltOptions halting = new HaltOptions();
  @Mixin private CheckpointArgument.Rope rope = new CheckpointArgument.Rope();
  @Mixin private final CheckpointArgument checkpoint;

  @Option(
      names = "--system",
      paramLabel = "TEXT",
      description = "Instructions before the conversation.")
  private Optional<String> system = Optional.empty();

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      description = "Most new tokens of an answer (default: as many as fit, up to 512).")
  private Optional<Integer> maxTokens = Optional.empty();

  @Option(
      names = "--transcript",
      paramLabel = "FILE",
      description =
          "Continue the conversation in FILE, if there is one, and save it there after every "
              + "answer; only you can read it.")
  private Optional<Path> transcript = Optional.empty();

  @Option(
      names = "--no-history",
      description = "Do not keep the lines that are typed (default: in ~/.local/state/hbar).")
  private boolean noHistory;

  ChatCommand(Environment environment) {
    this.environment = environment;
    this.checkpoint = new CheckpointArgument(environment);
  }

  @Override
  public Integer call() {
    GenerationSettings settings = settings();
    OpenOptions opening =
        OpenOptions.DEFAULT
            .withEnvironment(environment.variables())
            .withRopeReference(rope.reference);
    try (GenerationModel model =
            CheckpointArgument.generating(checkpoint.name(), opening, environment);
        ChatInput input = ChatInput.of(environment, !noHistory)) {
      halting.check(model).ifPresent(notice -> environment.err().println("note: " + notice));
      Chat chat = new Chat(environment, model, settings, input, transcript);
      chat.begin(system);
      return chat.run();
    }
  }

  private GenerationSettings settings() {
    Optional<String> wrongCount =
        maxTokens.filter(n -> n < 1).map(n -> "--max-tokens must be at least 1");
    WrongUsage.refuse(
        Stream.of(sampling.problem(), halting.problem(), wrongCount)
            .flatMap(Optional::stream)
            .findFirst());
    try {
      GenerationSettings.Builder settings =
          GenerationSettings.builder()
              .sampling(sampling.sampling())
              .halt(halting.policy())
              .alternatives(ALTERNATIVES)
              .allSignals();
      maxTokens.ifPresent(settings::maxTokens);
      return settings.build();
    } catch (IllegalArgumentException e) {
      throw new WrongUsage("--" + e.getMessage());
    }
  }
}
