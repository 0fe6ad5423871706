package dev.hbar.serve.protocol;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hbar.model.io.Json;
import dev.hbar.model.tokenizer.Conversation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Conversations of the protocols in the form that chat templates know, which is transformers'. */
final class Conversations {
  private Conversations() {}

  /** The messages, tools and template variables of a chat completion. */
  static Conversation openAi(Fields body) {
    AnswerShape shape =
        AnswerShape.of(ShapeReader.functions(body), ShapeReader.choice(body), Optional.empty());
    return openAi(body, shape.tools());
  }

  /** The same with the tools that are on offer. */
  static Conversation openAi(Fields body, List<JsonNode> tools) {
    List<ObjectNode> messages = new ArrayList<>();
    List<Fields> given = body.objects("messages");
    if (given.isEmpty()) {
      throw body.wrong("messages", "must hold at least one message");
    }
    given.forEach(message -> messages.add(turn(message)));
    return conversation(body, messages, tools);
  }

  /** A conversation that the assistant goes on with. */
  static Conversation conversation(Fields body, List<ObjectNode> messages, List<JsonNode> tools) {
    Map<String, Object> variables = new LinkedHashMap<>();
    body.object("chat_template_kwargs").ifPresent(given -> variables.putAll(given.all()));
    return new Conversation(
        messages,
        tools.isEmpty() ? Optional.empty() : Optional.of(tools),
        body.has("documents") ? Optional.of(body.list("documents")) : Optional.empty(),
        true,
        variables);
  }

  private static ObjectNode turn(Fields message) {
    ObjectNode turn = Json.MAPPER.createObjectNode();
    message.all().forEach(turn::set);
    String role = message.requiredText("role");
    turn.put("role", role.equals("developer") ? "system" : role);
    if (message.has("content")) {
      turn.put("content", text(message, "content"));
    } else {
      turn.put("content", "");
    }
    if (message.has("tool_calls")) {
      turn.set("tool_calls", calls(message));
    }
    return turn;
  }

  /** Text, or parts that are all text: most templates know text only. */
  static String text(Fields message, String name) {
    JsonNode content = message.node(name).orElseThrow(() -> message.wrong(name, "is missing"));
    if (content.isTextual()) {
      return content.textValue();
    }
    StringBuilder text = new StringBuilder();
    for (Fields part : message.objects(name)) {
      String type = part.requiredText("type");
      switch (type) {
        case "text", "input_text", "output_text" -> text.append(part.requiredText("text"));
        case "refusal" -> text.append(part.requiredText("refusal"));
        default ->
            throw part.wrong("type", type + " is not supported: this server reads text only");
      }
    }
    return text.toString();
  }

  /** Templates want the arguments as an object, clients send them as its text. */
  private static ArrayNode calls(Fields message) {
    ArrayNode calls = Json.MAPPER.createArrayNode();
    for (Fields call : message.objects("tool_calls")) {
      ObjectNode copy = calls.addObject();
      call.all().forEach(copy::set);
      call.object("function")
          .ifPresent(
              function -> {
                ObjectNode inner = copy.putObject("function");
                function.all().forEach(inner::set);
                function
                    .node("arguments")
                    .ifPresent(given -> inner.set("arguments", parsed(given)));
              });
    }
    return calls;
  }

  /** A text that is a JSON object as that object, anything else as it is. */
  static JsonNode parsed(JsonNode arguments) {
    if (!arguments.isTextual()) {
      return arguments;
    }
    try {
      JsonNode value = Json.MAPPER.readTree(arguments.textValue());
      return value.isObject() ? value : arguments;
    } catch (JsonProcessingException e) {
      return arguments;
    }
  }
}
