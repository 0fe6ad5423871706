package dev.hbar.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hbar.mlx.JsonFault;
import dev.hbar.model.checkpoint.CheckpointDirectory;
import dev.hbar.model.checkpoint.CheckpointException;
import dev.hbar.model.checkpoint.RegularFile;
import dev.hbar.model.tokenizer.ChatTemplate;
import dev.hbar.model.tokenizer.Conversation;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hbar render}: what a chat template makes of conversations. */
@Command(
    name = "render",
    mixinStandardHelpOptions = true,
    description = {
      "Print what a chat template makes of conversations, one JSON line each.",
      "",
      "A line {\"messages\", \"tools\"?, \"documents\"?, \"add_generation_prompt\"?, "
          + "\"variables\"?} gives a line {\"text\"} or {\"error\"}.",
      ""
    },
    footer = {
      "",
      "Example:",
      "  echo '{\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}]}' |",
      "    hbar render .hbar/models/SmolLM2-135M-Instruct-4bit --conversations -"
    })
final class RenderCommand implements Callable<Integer> {
  /** Lines between two looks at whether anybody reads on. */
  private static final int LINES_A_LOOK = 64;

  @Parameters(
      paramLabel = "CHECKPOINT",
      arity = "0..1",
      description = "A folder, or ORG/NAME[@REVISION].")
  private Optional<String> checkpoint = Optional.empty();

  @Option(names = "--template", paramLabel = "FILE", description = "A template instead.")
  private Optional<Path> template = Optional.empty();

  @Option(
      names = "--token",
      paramLabel = "NAME=TEXT",
      description = "A special token of --template, such as bos_token=<s>; repeatable.")
  private Map<String, String> tokens = new LinkedHashMap<>();

  @Option(
      names = "--conversations",
      required = true,
      paramLabel = "FILE|-",
      description = "JSON lines; - reads stdin.")
  private String conversations = "";

  private final Environment environment;

  RenderCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() throws IOException {
    WrongUsage.refuse(problem());
    ChatTemplate chat = template.isPresent() ? fromFile(template.get()) : fromCheckpoint();
    PrintWriter out = environment.out();
    try (BufferedReader lines = Lines.open(conversations, environment.in())) {
      int number = 0;
      for (String line = Lines.next(lines); line != null; ) {
        number++;
        if (!line.isBlank()) {
          out.print(Lines.JSON.writeValueAsString(rendered(chat, line, number)) + "\n");
          if (number % LINES_A_LOOK == 0 && out.checkError()) {
            return ExitCodes.OK; // Main says that the output is lost; the input may have no end
          }
        }
        line = Lines.next(lines);
      }
    } catch (CharacterCodingException e) {
      throw new CommandException(conversations + " is not UTF-8 text: convert it first", e);
    }
    return ExitCodes.OK;
  }

  private Optional<String> problem() {
    if (checkpoint.isPresent() == template.isPresent()) {
      return Optional.of("give either CHECKPOINT or --template FILE");
    }
    return template.isEmpty() && !tokens.isEmpty()
        ? Optional.of("--token needs --template: a checkpoint names its own tokens")
        : Optional.empty();
  }

  private ChatTemplate fromFile(Path file) {
    return ChatTemplate.of(Lines.text(file), tokens);
  }

  private ChatTemplate fromCheckpoint() {
    CheckpointDirectory directory =
        CheckpointArgument.directory(checkpoint.orElseThrow(), environment);
    return ChatTemplate.read(directory.path())
        .orElseThrow(
            () ->
                new CommandException(
                    directory.name()
                        + " has no chat template (chat_template.jinja or tokenizer_config.json): name one with --template"));
  }

  private static ObjectNode rendered(ChatTemplate chat, String line, int number) {
    ObjectNode result = Lines.JSON.createObjectNode();
    try {
      JsonNode fields = Lines.JSON.readTree(line);
      return result.put("text", chat.render(Lines.conversation(fields)));
    } catch (JsonProcessingException e) {
      String reason = JsonFault.of(e.getOriginalMessage());
      return result.put(
          "error", "line %s is not valid JSON (%s): correct it".formatted(number, reason));
    } catch (CheckpointException | CommandException e) {
      return result.put("error", e.getMessage());
    }
  }

  /** Reads conversations, one JSON object a line. */
  static final class Lines {
    /** NaN is what Python writes and reads. */
    private static final JsonMapper JSON =
        JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final int LONGEST_LINE = 64 << 20;
    private static final long LONGEST_TEMPLATE = 8 << 20;

    private Lines() {}

    static BufferedReader open(String file, InputStream in) throws IOException {
      InputStream bytes = file.equals("-") ? in : Files.newInputStream(Path.of(file));
      return new BufferedReader(
          new InputStreamReader(RegularFile.plain(bytes), StandardCharsets.UTF_8.newDecoder()));
    }

    /**
     * The next line without its end, or null after the last.
     *
     * @throws CommandException if it has no end in sight
     */
    static String next(BufferedReader lines) throws IOException {
      return next(lines, LONGEST_LINE, "a line of the conversations", "split it");
    }

    /** The same of something else, with what to do about a longer one. */
    static String next(BufferedReader lines, int longest, String what, String wayOut)
        throws IOException {
      StringBuilder line = new StringBuilder();
      int c = lines.read();
      if (c < 0) {
        return null;
      }
      while (c >= 0 && c != '\n') {
        if (line.length() == longest) {
          throw new CommandException(what + " has more than " + longest + " characters: " + wayOut);
        }
        line.append((char) c);
        c = lines.read();
      }
      return line.toString();
    }

    static String text(Path file) {
      try (InputStream bytes = Files.newInputStream(file)) {
        byte[] content = bytes.readNBytes((int) LONGEST_TEMPLATE + 1);
        if (content.length > LONGEST_TEMPLATE) {
          throw new CommandException(
              file + " is larger than " + LONGEST_TEMPLATE + " bytes; give a smaller one");
        }
        return StandardCharsets.UTF_8
            .newDecoder()
            .decode(java.nio.ByteBuffer.wrap(content))
            .toString();
      } catch (CharacterCodingException e) {
        throw new CommandException(file + " is not UTF-8 text: convert it first", e);
      } catch (IOException e) {
        throw new CommandException("cannot read " + file + ": name a readable file", e);
      }
    }

    /**
     * The conversation of a line.
     *
     * @throws CommandException if a field is missing or of another type
     */
    static Conversation conversation(JsonNode line) {
      return new Conversation(
          list(line, "messages")
              .orElseThrow(() -> new CommandException("messages is missing: add the field")),
          list(line, "tools"),
          list(line, "documents"),
          flag(line, "add_generation_prompt"),
          variables(line));
    }

    private static Optional<List<?>> list(JsonNode line, String field) {
      JsonNode value = line.path(field);
      if (value.isMissingNode() || value.isNull()) {
        return Optional.empty();
      }
      if (!value.isArray()) {
        throw new CommandException(field + " is no list: write it as one");
      }
      List<JsonNode> items = new ArrayList<>();
      value.forEach(items::add);
      return Optional.of(items);
    }

    private static boolean flag(JsonNode line, String field) {
      JsonNode value = line.path(field);
      if (!value.isMissingNode() && !value.isNull() && !value.isBoolean()) {
        throw new CommandException(field + " is neither true nor false: correct it");
      }
      return value.asBoolean();
    }

    private static Map<String, JsonNode> variables(JsonNode line) {
      JsonNode value = line.path("variables");
      if (!value.isMissingNode() && !value.isNull() && !value.isObject()) {
        throw new CommandException("variables is no object: write it as one");
      }
      Map<String, JsonNode> variables = new LinkedHashMap<>();
      value.properties().forEach(field -> variables.put(field.getKey(), field.getValue()));
      return variables;
    }
  }
}
