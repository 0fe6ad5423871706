package dev.hbar.serve.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hbar.serve.protocol.AnswerShape.Format;
import dev.hbar.serve.protocol.AnswerShape.ToolChoice;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Tools, their choice and the format of the text, as each protocol asks for them. */
final class ShapeReader {
  private ShapeReader() {}

  /** The tools of a chat completion. */
  static List<JsonNode> functions(Fields body) {
    List<JsonNode> tools = new ArrayList<>();
    for (Fields tool : body.objects("tools")) {
      requireFunction(tool);
      Fields function =
          tool.object("function").orElseThrow(() -> tool.wrong("function", "is missing"));
      requireTool(function, "parameters");
      tools.add(OpenAi.JSON.objectNode().setAll(tool.all()));
    }
    return tools;
  }

  /** The tools of a response, which have no inner object. */
  static List<JsonNode> flatFunctions(Fields body) {
    List<JsonNode> tools = new ArrayList<>();
    for (Fields tool : body.objects("tools")) {
      requireFunction(tool);
      requireTool(tool, "parameters");
      ObjectNode function = OpenAi.JSON.objectNode();
      function.setAll(tool.all());
      function.remove("type");
      tools.add(wrapped(function));
    }
    return tools;
  }

  /** The tools of Anthropic's messages. */
  static List<JsonNode> anthropicTools(Fields body) {
    List<JsonNode> tools = new ArrayList<>();
    for (Fields tool : body.objects("tools")) {
      requireTool(tool, "input_schema");
      ObjectNode function = OpenAi.JSON.objectNode();
      function.put("name", tool.requiredText("name"));
      tool.text("description").ifPresent(text -> function.put("description", text));
      function.set("parameters", tool.node("input_schema").orElseGet(OpenAi.JSON::objectNode));
      tools.add(wrapped(function));
    }
    return tools;
  }

  private static ObjectNode wrapped(ObjectNode function) {
    ObjectNode tool = OpenAi.JSON.objectNode().put("type", "function");
    tool.set("function", function);
    return tool;
  }

  private static void requireFunction(Fields tool) {
    if (!tool.requiredText("type").equals("function")) {
      throw tool.wrong("type", "must be function: this server runs no tools of its own");
    }
  }

  private static void requireTool(Fields function, String schema) {
    if (function.requiredText("name").isEmpty()) {
      throw function.wrong("name", "must not be empty");
    }
    function.text("description");
    function.object(schema);
    function.flag("strict", false);
  }

  /** {@code none}, {@code auto}, {@code required}, or a function by its name. */
  static ToolChoice choice(Fields body) {
    Optional<JsonNode> given = body.node("tool_choice");
    if (given.isEmpty()) {
      return new ToolChoice.Free();
    }
    if (given.get().isTextual() && !given.get().textValue().equals("any")) {
      String word = given.get().textValue();
      return ToolChoice.word(word)
          .orElseThrow(
              () -> body.wrong("tool_choice", "must be none, auto, required or a function"));
    }
    Fields choice = body.object("tool_choice").orElseThrow();
    requireFunction(choice);
    return new ToolChoice.One(choice.object("function").orElse(choice).requiredText("name"));
  }

  /** {@code {"type": "auto" | "any" | "none"}}, or a tool by its name. */
  static ToolChoice anthropicChoice(Fields body) {
    Optional<Fields> choice = body.object("tool_choice");
    if (choice.isEmpty()) {
      return new ToolChoice.Free();
    }
    String type = choice.get().requiredText("type");
    choice.get().text("name");
    if (type.equals("tool")) {
      return new ToolChoice.One(choice.get().requiredText("name"));
    }
    return ToolChoice.word(type.equals("required") ? "" : type)
        .orElseThrow(() -> choice.get().wrong("type", "must be auto, any, tool or none: " + type));
  }

  /** {@code response_format}, whose schema has an object of its own. */
  static Optional<Format> chatFormat(Fields format) {
    return format(
        format,
        () -> {
          Fields inner =
              format
                  .object("json_schema")
                  .orElseThrow(() -> format.wrong("json_schema", "is missing"));
          return schema(inner, "response_format.json_schema.schema");
        });
  }

  /** {@code text.format} of a response. */
  static Optional<Format> textFormat(Fields format) {
    return format(format, () -> schema(format, "text.format.schema"));
  }

  private static Optional<Format> format(
      Fields format, java.util.function.Supplier<Format> schema) {
    String type = format.requiredText("type");
    return switch (type) {
      case "text" -> Optional.empty();
      case "json_object" -> Optional.of(new Format(Optional.empty(), "response_format"));
      case "json_schema" -> Optional.of(schema.get());
      default -> throw format.wrong("type", "must be text, json_object or json_schema: " + type);
    };
  }

  private static Format schema(Fields holder, String field) {
    holder.flag("strict", false);
    holder.text("name");
    if (holder.object("schema").isEmpty()) {
      throw holder.wrong("schema", "is missing");
    }
    return new Format(holder.node("schema"), field);
  }
}
