package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Answers that are bound to JSON, to a schema or to a call of a tool, in every protocol. */
class ServerShapesTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final String QUESTION =
      "'messages': [{'role': 'user', 'content': 'What is the weather in Paris?'}]";
  private static final String PARAMETERS =
      "{'type': 'object', 'properties': {'city': {'type': 'string', 'maxLength': 15},"
          + " 'unit': {'enum': ['C', 'F']}}, 'required': ['city', 'unit']}";
  private static final String TOOLS =
      "'tools': [{'type': 'function', 'function': {'name': 'time', 'parameters': {}}},"
          + " {'type': 'function', 'function': {'name': 'weather', 'parameters': "
          + PARAMETERS
          + "}}]";
  private static final String ONE =
      "'tool_choice': {'type': 'function', 'function': {'name': 'weather'}}";
  private static final String SCHEMA =
      "{'type': 'object', 'properties': {'name': {'type': 'string', 'maxLength': 12},"
          + " 'age': {'type': 'integer', 'minimum': 10, 'maximum': 99},"
          + " 'tags': {'type': 'array', 'items': {'enum': ['x', 'y']}, 'minItems': 2,"
          + " 'maxItems': 2}}, 'required': ['name', 'age', 'tags']}";

  private static RunningServer server;

  @BeforeAll
  static void open() {
    server = RunningServer.narrow(4, 4, 100_000);
  }

  @AfterAll
  static void close() {
    if (server != null) {
      server.close();
    }
  }

  private static void assertWeather(JsonNode arguments) {
    assertEquals(2, arguments.size(), arguments.toString());
    assertTrue(arguments.get("city").textValue().length() <= 15);
    assertTrue(List.of("C", "F").contains(arguments.get("unit").textValue()));
  }

  private static String format(String schema) {
    return "'response_format': {'type': 'json_schema', 'json_schema': {'name': 'n', 'strict':"
        + " true, 'schema': "
        + schema
        + "}}";
  }

  @Test
  void schema_bindsTheTextAtAnyTemperatureAndBesideOthers() throws Exception {
    String body =
        "{'messages': [{'role': 'user', 'content': 'A person, please.'}], 'max_tokens': 120,"
            + " 'n': 3, 'seed': 3, 'temperature': 1.5, ";
    JsonNode answer = server.ask(CHAT, body + format(SCHEMA) + "}");
    for (JsonNode choice : answer.get("choices")) {
      assertEquals("stop", choice.get("finish_reason").textValue());
      JsonNode person = RunningServer.JSON.readTree(choice.at("/message/content").textValue());
      assertEquals(3, person.size());
      assertTrue(person.get("name").textValue().length() <= 12);
      assertTrue(person.get("age").intValue() >= 10 && person.get("age").intValue() <= 99);
      assertEquals(2, person.get("tags").size());
    }
    assertNotEquals(
        answer.at("/choices/0/message/content"), answer.at("/choices/1/message/content"));
  }

  @Test
  void responsesFormat_isTheSameAsChats() throws Exception {
    JsonNode chat =
        server.ask(CHAT, "{" + QUESTION + ", 'max_tokens': 90, " + format(SCHEMA) + "}");
    JsonNode response =
        server.ask(
            "/v1/responses",
            "{'input': 'What is the weather in Paris?', 'max_output_tokens': 90, 'text':"
                + " {'format': {'type': 'json_schema', 'name': 'n', 'schema': "
                + SCHEMA
                + "}}}");
    assertEquals(chat.at("/choices/0/message/content"), response.at("/output/0/content/0/text"));
  }

  @Test
  void jsonObject_beginsAsOneEvenWhenCut() throws Exception {
    JsonNode answer =
        server.ask(
            CHAT,
            "{" + QUESTION + ", 'max_tokens': 5, 'response_format': {'type': 'json_object'}}");
    String text = answer.at("/choices/0/message/content").textValue();
    assertTrue(text.startsWith("{"), text);
  }

  @Test
  void forcedTool_isCalledByItsSchemaWholeAndStreamed() throws Exception {
    String body = "{" + QUESTION + ", 'max_tokens': 60, " + TOOLS + ", " + ONE;
    JsonNode choice = server.ask(CHAT, body + "}").at("/choices/0");
    assertEquals("tool_calls", choice.get("finish_reason").textValue());
    assertTrue(choice.at("/message/content").isNull());
    JsonNode call = choice.at("/message/tool_calls/0");
    assertEquals("weather", call.at("/function/name").textValue());
    assertWeather(RunningServer.JSON.readTree(call.at("/function/arguments").textValue()));
    List<JsonNode> calls = new ArrayList<>();
    for (JsonNode event : server.events(CHAT, body + ", 'stream': true}")) {
      event.at("/choices/0/delta/tool_calls").forEach(calls::add);
    }
    assertEquals(1, calls.size());
    assertEquals(call.get("function"), calls.getFirst().get("function"));
  }

  @Test
  void forcedTool_isCalledInTheOtherProtocols() throws Exception {
    String flat =
        "{'input': 'What is the weather in Paris?', 'max_output_tokens': 60, 'tool_choice':"
            + " 'required', 'tools': [{'type': 'function', 'name': 'weather', 'parameters': "
            + PARAMETERS
            + "}]";
    JsonNode item = server.ask("/v1/responses", flat + "}").at("/output/0");
    assertEquals("function_call", item.get("type").textValue());
    assertWeather(RunningServer.JSON.readTree(item.get("arguments").textValue()));
    List<JsonNode> events = server.events("/v1/responses", flat + ", 'stream': true}");
    assertEquals(item.get("arguments"), events.getLast().at("/response/output/0/arguments"));
    String anthropic =
        "{"
            + QUESTION
            + ", 'max_tokens': 60, 'tool_choice': {'type': 'any'}, 'tools': [{'name': 'weather',"
            + " 'input_schema': "
            + PARAMETERS
            + "}]";
    JsonNode message = server.ask("/v1/messages", anthropic + "}");
    assertEquals("tool_use", message.get("stop_reason").textValue());
    assertWeather(message.at("/content/0/input"));
    StringBuilder streamed = new StringBuilder();
    for (JsonNode event : server.events("/v1/messages", anthropic + ", 'stream': true}")) {
      streamed.append(event.at("/delta/partial_json").asText(""));
    }
    assertEquals(message.at("/content/0/input"), RunningServer.JSON.readTree(streamed.toString()));
  }

  @Test
  void wish_thatCannotBeMet_namesItsField() throws Exception {
    String[][] wrong = {
      {"'tool_choice': 'required'", "tool_choice"},
      {TOOLS + ", 'tool_choice': 'perhaps'", "tool_choice"},
      {TOOLS + ", " + ONE.replace("weather", "tide"), "tool_choice"},
      {"'tools': [{'type': 'function'}]", "tools[0].function"},
      {"'response_format': {'type': 'xml'}", "response_format.type"},
      {"'response_format': {'type': 'json_schema'}", "response_format.json_schema"},
      {format("{'type': 'string', 'pattern': 'a'}"), "response_format.json_schema.schema"},
    };
    for (String[] each : wrong) {
      var response = server.post(CHAT, "{" + QUESTION + ", " + each[0] + "}");
      assertEquals(400, response.statusCode(), each[0]);
      JsonNode error = RunningServer.JSON.readTree(response.body()).get("error");
      assertEquals(each[1], error.get("param").textValue(), each[0]);
    }
  }
}
