package dev.hbar.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hbar.mlx.ErrorText;
import dev.hbar.mlx.JsonFault;
import dev.hbar.model.checkpoint.RegularFile;
import dev.hbar.model.decode.Sampling;
import dev.hbar.model.io.Json;
import dev.hbar.monitor.generation.GenerationModel;
import dev.hbar.monitor.generation.GenerationSettings;
import dev.hbar.monitor.generation.OpenOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

  /** What {@code /params} of a conversation shows and sets. */
  static final class Parameters {
    private static final List<String> NAMES =
        List.of("temperature", "top-k", "top-p", "min-p", "seed", "max-tokens");

    private Parameters() {}

    /** The settings on a line, as they are set. */
    static String shown(GenerationSettings settings) {
      Sampling drawn = settings.sampling();
      return "temperature=%s top-k=%s top-p=%s min-p=%s seed=%s max-tokens=%s"
          .formatted(
              drawn.temperature(),
              drawn.topK(),
              drawn.topP(),
              drawn.minP(),
              drawn.seed(),
              settings.maxTokens().orElse(GenerationSettings.DEFAULT_MAX_TOKENS));
    }

    /**
     * The settings with others in their place.
     *
     * @param text NAME=VALUE, several with spaces between
     * @throws CommandException naming what cannot be taken
     */
    static GenerationSettings changed(GenerationSettings settings, String text) {
      GenerationSettings now = settings;
      for (String pair : text.split("\\s+")) {
        int equals = pair.indexOf('=');
        String name = (equals < 0 ? pair : pair.substring(0, equals)).replace('_', '-');
        if (equals < 0 || !NAMES.contains(name)) {
          throw new CommandException(
              pair + " is no parameter: give NAME=VALUE with one of " + String.join(", ", NAMES));
        }
        try {
          now = with(now, name, pair.substring(equals + 1));
        } catch (NumberFormatException e) {
          throw new CommandException(pair + ": no such number; give one", e);
        } catch (IllegalArgumentException e) {
          throw new CommandException(pair + ": " + e.getMessage(), e);
        }
      }
      return now;
    }

    private static GenerationSettings with(GenerationSettings now, String name, String value) {
      GenerationSettings.Builder changed = now.toBuilder();
      if (name.equals("max-tokens")) {
        return changed.maxTokens(Integer.parseInt(value)).build();
      }
      Sampling old = now.sampling();
      Sampling drawn =
          new Sampling(
              name.equals("temperature") ? Float.parseFloat(value) : old.temperature(),
              name.equals("top-k") ? Integer.parseInt(value) : old.topK(),
              name.equals("top-p") ? Float.parseFloat(value) : old.topP(),
              name.equals("min-p") ? Float.parseFloat(value) : old.minP(),
              name.equals("seed") ? Long.parseLong(value) : old.seed(),
              old.penalties(),
              old.logitBias());
      return changed.sampling(drawn).build();
    }
  }

  /**
   * A conversation in a file: a JSON object with {@code model} and {@code messages}, as {@code hbar
   * render} reads them too.
   *
   * @param messages oldest first, each a role and its content
   */
  record Transcript(String model, List<Map<String, ?>> messages) {
    private static final int MOST_BYTES = 1 << 26;

    /**
     * Writes the whole file or nothing; only its owner can read it.
     *
     * @throws CommandException if that fails
     */
    void write(Path file) {
      if (Files.exists(file) && !Files.isRegularFile(file)) {
        throw new CommandException(file + " is not a regular file: choose another file");
      }
      ObjectNode root = Json.MAPPER.createObjectNode().put("model", model);
      ArrayNode all = root.putArray("messages");
      messages.forEach(message -> all.add(Json.MAPPER.valueToTree(message)));
      try {
        Path folder = file.toAbsolutePath().getParent();
        Path whole = Files.createTempFile(folder, ".hbar-chat", ".json");
        try {
          Files.writeString(whole, root + "\n", StandardCharsets.UTF_8);
          Files.move(whole, file, StandardCopyOption.REPLACE_EXISTING);
        } finally {
          Files.deleteIfExists(whole);
        }
      } catch (IOException e) {
        throw new CommandException(
            "cannot write the conversation to %s (%s): choose another file"
                .formatted(file, ErrorText.reason(e)),
            e);
      }
    }

    /**
     * Reads a conversation.
     *
     * @throws CommandException if the file is missing or holds none
     */
    static Transcript read(Path file) {
      try {
        JsonNode root = Json.MAPPER.readTree(RegularFile.text(file, MOST_BYTES));
        JsonNode all = root.path("messages");
        if (!all.isArray()) {
          throw new CommandException(
              file + " holds no conversation, it has no list messages; give a file of /save");
        }
        List<Map<String, ?>> messages = new ArrayList<>();
        for (JsonNode message : all) {
          messages.add(message(file, messages.size(), message));
        }
        return new Transcript(root.path("model").asText(), messages);
      } catch (NoSuchFileException e) {
        throw new CommandException("there is no file " + file + "; check its name", e);
      } catch (JsonProcessingException e) {
        throw new CommandException(
            "%s is not JSON (%s): give a file of /save"
                .formatted(file, JsonFault.of(e.getOriginalMessage())),
            e);
      } catch (IOException e) {
        throw new CommandException(
            "cannot read %s (%s): name another file".formatted(file, ErrorText.reason(e)), e);
      }
    }

    private static Map<String, ?> message(Path file, int index, JsonNode message) {
      JsonNode role = message.path("role");
      JsonNode content = message.path("content");
      if (!role.isTextual() || !content.isTextual()) {
        throw new CommandException(
            "%s, messages[%s]: role and content must be texts".formatted(file, index));
      }
      Map<String, Object> turn = new LinkedHashMap<>();
      turn.put("role", role.textValue());
      turn.put("content", content.textValue());
      return turn;
    }
  }
}
