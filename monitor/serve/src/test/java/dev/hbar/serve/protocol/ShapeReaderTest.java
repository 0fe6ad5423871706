package dev.hbar.serve.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hbar.serve.engine.ApiException;
import dev.hbar.serve.protocol.AnswerShape.Format;
import dev.hbar.serve.protocol.AnswerShape.ToolChoice;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class ShapeReaderTest {
  private static final String TWO =
      "{'tools': [{'type': 'function', 'function': {'name': 'f', 'parameters': {'type': 'object'}}},"
          + " {'type': 'function', 'function': {'name': 'g', 'description': 'd'}}]}";

  private static JsonNode json(String json) throws Exception {
    return new ObjectMapper().readTree(json.replace('\'', '"'));
  }

  private static Fields fields(String json) throws Exception {
    return Fields.of((ObjectNode) json(json));
  }

  private static void refused(String message, Executable reading) {
    assertEquals(message, assertThrows(ApiException.class, reading).getMessage());
  }

  @Test
  void toolsOfEveryProtocol_becomeThoseOfTemplates() throws Exception {
    List<JsonNode> tools = ShapeReader.functions(fields(TWO));
    assertEquals(json(TWO).get("tools"), OpenAi.JSON.arrayNode().addAll(tools));
    assertEquals(
        tools,
        ShapeReader.flatFunctions(
            fields(
                "{'tools': [{'type': 'function', 'name': 'f', 'parameters': {'type': 'object'}},"
                    + " {'type': 'function', 'name': 'g', 'description': 'd'}]}")));
    assertEquals(
        List.of(
            tools.getFirst(),
            json(
                "{'type': 'function', 'function': {'name': 'g', 'description': 'd', 'parameters': {}}}")),
        ShapeReader.anthropicTools(
            fields(
                "{'tools': [{'name': 'f', 'input_schema': {'type': 'object'}, 'x': 1},"
                    + " {'name': 'g', 'description': 'd'}]}")));
  }

  @Test
  void toolThatDoesNotFit_isNamedByItsPath() {
    refused(
        "tools[1].type: must be function: this server runs no tools of its own",
        () ->
            ShapeReader.functions(
                fields(
                    TWO.replace(
                        "{'type': 'function', 'function': {'name': 'g'",
                        "{'type': 'web', 'function': {'name': 'g'"))));
    refused("tools[0].function: is missing", () -> functions("'type': 'function'"));
    refused(
        "tools[0].function.name: is missing",
        () -> functions("'type': 'function', 'function': {}"));
    refused(
        "tools[0].function.name: must not be empty",
        () -> functions("'type': 'function', 'function': {'name': ''}"));
    refused(
        "tools[0].function.description: must be a text, not number",
        () -> functions("'type': 'function', 'function': {'name': 'f', 'description': 1}"));
    refused(
        "tools[0].function.parameters: must be an object, not array",
        () -> functions("'type': 'function', 'function': {'name': 'f', 'parameters': []}"));
    refused(
        "tools[0].function.strict: must be true or false, not string",
        () -> functions("'type': 'function', 'function': {'name': 'f', 'strict': 'x'}"));
    refused(
        "tools[0].type: must be function: this server runs no tools of its own",
        () -> ShapeReader.flatFunctions(fields("{'tools': [{'type': 'web', 'name': 'f'}]}")));
    refused(
        "tools[0].name: is missing",
        () -> ShapeReader.flatFunctions(fields("{'tools': [{'type': 'function'}]}")));
    refused(
        "tools[0].input_schema: must be an object, not string",
        () ->
            ShapeReader.anthropicTools(fields("{'tools': [{'name': 'f', 'input_schema': 's'}]}")));
  }

  private static List<JsonNode> functions(String tool) throws Exception {
    return ShapeReader.functions(fields("{'tools': [{" + tool + "}]}"));
  }

  @Test
  void choice_isAWordOrAFunction() throws Exception {
    assertEquals(new ToolChoice.Free(), ShapeReader.choice(fields("{}")));
    assertEquals(new ToolChoice.Free(), choice("'auto'"));
    assertEquals(new ToolChoice.None(), choice("'none'"));
    assertEquals(new ToolChoice.Any(), choice("'required'"));
    assertEquals(
        new ToolChoice.One("f"), choice("{'type': 'function', 'function': {'name': 'f'}}"));
    assertEquals(new ToolChoice.One("f"), choice("{'type': 'function', 'name': 'f'}"));
    refused("tool_choice: must be none, auto, required or a function", () -> choice("'f'"));
    refused("tool_choice: must be an object, not string", () -> choice("'any'"));
    refused(
        "tool_choice.type: must be function: this server runs no tools of its own",
        () -> choice("{'type': 'web'}"));
  }

  private static ToolChoice choice(String choice) throws Exception {
    return ShapeReader.choice(fields("{'tool_choice': " + choice + "}"));
  }

  @Test
  void anthropicChoice_isATypeOrATool() throws Exception {
    assertEquals(new ToolChoice.Free(), ShapeReader.anthropicChoice(fields("{}")));
    assertEquals(new ToolChoice.Free(), anthropic("'type': 'auto'"));
    assertEquals(new ToolChoice.None(), anthropic("'type': 'none'"));
    assertEquals(new ToolChoice.Any(), anthropic("'type': 'any'"));
    assertEquals(new ToolChoice.One("f"), anthropic("'type': 'tool', 'name': 'f'"));
    refused("tool_choice.name: is missing", () -> anthropic("'type': 'tool'"));
    refused(
        "tool_choice.name: must be a text, not number",
        () -> anthropic("'type': 'any', 'name': 1"));
    refused(
        "tool_choice.type: must be auto, any, tool or none: required",
        () -> anthropic("'type': 'required'"));
  }

  private static ToolChoice anthropic(String choice) throws Exception {
    return ShapeReader.anthropicChoice(fields("{'tool_choice': {" + choice + "}}"));
  }

  @Test
  void format_isFreeAnyObjectOrThatOfASchema() throws Exception {
    JsonNode schema = json("{'type': 'object'}");
    assertEquals(Optional.empty(), ShapeReader.chatFormat(fields("{'type': 'text'}")));
    assertEquals(
        Optional.of(new Format(Optional.empty(), "response_format")),
        ShapeReader.chatFormat(fields("{'type': 'json_object'}")));
    assertEquals(
        Optional.of(new Format(Optional.of(schema), "response_format.json_schema.schema")),
        ShapeReader.chatFormat(
            fields("{'type': 'json_schema', 'json_schema': {'schema': {'type': 'object'}}}")));
    assertEquals(
        Optional.of(new Format(Optional.of(schema), "text.format.schema")),
        ShapeReader.textFormat(fields("{'type': 'json_schema', 'schema': {'type': 'object'}}")));
    refused(
        "json_schema: is missing", () -> ShapeReader.chatFormat(fields("{'type': 'json_schema'}")));
    refused("schema: is missing", () -> text("'type': 'json_schema'"));
    refused("type: must be text, json_object or json_schema: xml", () -> text("'type': 'xml'"));
    refused(
        "strict: must be true or false, not number",
        () -> text("'type': 'json_schema', 'strict': 1"));
    refused("name: must be a text, not number", () -> text("'type': 'json_schema', 'name': 1"));
  }

  private static Optional<Format> text(String format) throws Exception {
    return ShapeReader.textFormat(fields("{" + format + "}"));
  }

  @Test
  void shape_followsTheChoice() throws Exception {
    List<JsonNode> tools = ShapeReader.functions(fields(TWO));
    Optional<Format> format = Optional.of(new Format(Optional.empty(), "f"));
    AnswerShape free = AnswerShape.of(tools, new ToolChoice.Free(), Optional.empty());
    assertEquals(new AnswerShape(tools, List.of(), Optional.empty()), free);
    assertFalse(free.isConstrained());
    assertEquals(OpenAi.JSON.arrayNode().addAll(tools), free.toolsNode());
    AnswerShape none = AnswerShape.of(tools, new ToolChoice.None(), format);
    assertEquals(new AnswerShape(List.of(), List.of(), format), none);
    assertTrue(none.isConstrained(), "by the format");
    AnswerShape any = AnswerShape.of(tools, new ToolChoice.Any(), format);
    assertEquals(new AnswerShape(tools, tools, Optional.empty()), any);
    assertTrue(any.isConstrained());
    AnswerShape one = AnswerShape.of(tools, new ToolChoice.One("g"), format);
    assertEquals(new AnswerShape(tools, List.of(tools.getLast()), Optional.empty()), one);
    refused(
        "tool_choice: needs tools",
        () -> AnswerShape.of(List.of(), new ToolChoice.Any(), Optional.empty()));
    refused(
        "tool_choice: names a tool that is not in tools: h",
        () -> AnswerShape.of(tools, new ToolChoice.One("h"), Optional.empty()));
  }
}
