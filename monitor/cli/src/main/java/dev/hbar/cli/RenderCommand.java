package dev.hbar.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hbar.model.checkpoint.CheckpointDirectory;
import dev.hbar.model.checkpoint.CheckpointException;
import dev.hbar.model.tokenizer.ChatTemplate;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code hbar render}: what a chat template makes of conversations. */
@Command(
    name = "render",
    mixinStandardHelpOptions = true,
    description = {
      "Print what a chat template makes of conversations, one JSON line each.",
      "A line {\"messages\", \"tools\"?, \"documents\"?, \"add_generation_prompt\"?, \"variables\"?}",
      "gives a line {\"text\"} or {\"error\"}."
    },
    footer = {
      "",
      "Example:",
      "  echo '{\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}]}' |",
      "    hbar render .hbar/models/SmolLM2-135M-Instruct-4bit --conversations -"
    })
final class RenderCommand implements Callable<Integer> {
  /** NaN is what Python writes and reads. */
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  @Spec private CommandSpec spec = CommandSpec.create();

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

  private final Map<String, String> environment;
  private final InputStream in;

  RenderCommand(Map<String, String> environment, InputStream in) {
    this.environment = environment;
    this.in = in;
  }

  @Override
  public Integer call() throws IOException {
    WrongUsage.refuse(spec, problem());
    ChatTemplate chat = template.isPresent() ? fromFile(template.get()) : fromCheckpoint();
    PrintWriter out = spec.commandLine().getOut();
    try (BufferedReader lines = ConversationLines.open(conversations, in)) {
      int number = 0;
      for (String line = ConversationLines.next(lines); line != null; ) {
        number++;
        if (!line.isBlank()) {
          out.print(JSON.writeValueAsString(rendered(chat, line, number)) + "\n");
        }
        line = ConversationLines.next(lines);
      }
    } catch (CharacterCodingException e) {
      throw new CommandException(conversations + " is not UTF-8 text: convert it first", e);
    }
    if (out.checkError()) {
      throw new CommandException("stdout cannot be written: free the disk or keep the pipe open");
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
    return ChatTemplate.of(ConversationLines.text(file), tokens);
  }

  private ChatTemplate fromCheckpoint() {
    CheckpointDirectory directory =
        CheckpointDirectory.resolve(checkpoint.orElseThrow(), environment);
    return ChatTemplate.read(directory.path())
        .orElseThrow(
            () ->
                new CommandException(
                    directory.name()
                        + " has no chat template (chat_template.jinja or tokenizer_config.json): name one with --template"));
  }

  private static ObjectNode rendered(ChatTemplate chat, String line, int number) {
    ObjectNode result = JSON.createObjectNode();
    try {
      JsonNode fields = JSON.readTree(line);
      return result.put("text", chat.render(ConversationLines.conversation(fields)));
    } catch (JsonProcessingException e) {
      return result.put("error", "line " + number + " is not valid JSON: correct it");
    } catch (CheckpointException | CommandException e) {
      return result.put("error", e.getMessage());
    }
  }
}
