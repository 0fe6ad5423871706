package dev.hbar.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.hbar.mlx.JsonFault;
import dev.hbar.model.answer.ParameterTypes;
import dev.hbar.model.io.Json;
import dev.hbar.model.tokenizer.Conversation;
import dev.hbar.model.tokenizer.Message;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What a chat template is given beside the messages. */
final class ConversationOptions {
  @Option(
      names = "--tools",
      paramLabel = "FILE",
      description = "Functions that the model may call: a JSON list of schemas; needs --chat.")
  private Optional<Path> tools = Optional.empty();

  @Option(
      names = "--documents",
      paramLabel = "FILE",
      description = "What the model may quote: a JSON list of documents; needs --chat.")
  private Optional<Path> documents = Optional.empty();

  @Option(
      names = "--template-var",
      paramLabel = "NAME=VALUE",
      description =
          "A variable of the chat template, such as enable_thinking=false: JSON, else text.")
  private Map<String, String> variables = new LinkedHashMap<>();

  /** The first of these that was given. */
  Optional<String> given() {
    return tools
        .map(file -> "--tools")
        .or(() -> documents.map(file -> "--documents"))
        .or(() -> variables.isEmpty() ? Optional.empty() : Optional.of("--template-var"));
  }

  /** The conversation that begins with this question. */
  Conversation of(Optional<String> system, String question) {
    List<Message> messages = new ArrayList<>();
    system.map(Message::system).ifPresent(messages::add);
    messages.add(Message.user(question));
    Conversation plain = Conversation.of(messages, true);
    Map<String, Object> values = new LinkedHashMap<>();
    variables.forEach((name, text) -> values.put(name, value(text)));
    return new Conversation(
        plain.messages(),
        tools.map(file -> list(file, "tools")),
        documents.map(file -> list(file, "documents")),
        true,
        values);
  }

  /** What is known of the tools' parameters. */
  ParameterTypes types() {
    return tools
        .map(file -> ParameterTypes.of(Json.MAPPER.valueToTree(list(file, "tools"))))
        .orElse(ParameterTypes.UNKNOWN);
  }

  private static JsonNode value(String text) {
    try {
      JsonNode value = Json.MAPPER.readTree(text);
      return value.isMissingNode() ? JsonNodeFactory.instance.textNode(text) : value;
    } catch (JsonProcessingException noJson) {
      return JsonNodeFactory.instance.textNode(text);
    }
  }

  /** A list, or an object that has it under that name. */
  private static List<JsonNode> list(Path file, String name) {
    try {
      JsonNode root = Json.MAPPER.readTree(RenderCommand.Lines.text(file));
      JsonNode list = root.isObject() && root.has(name) ? root.get(name) : root;
      if (!list.isArray()) {
        throw new CommandException(file + " holds no JSON list: write the " + name + " as one");
      }
      List<JsonNode> all = new ArrayList<>();
      list.forEach(all::add);
      return all;
    } catch (JsonProcessingException e) {
      throw new CommandException(
          "%s is not JSON (%s): write the %s as a JSON list"
              .formatted(file, JsonFault.of(e.getOriginalMessage()), name),
          e);
    }
  }
}
