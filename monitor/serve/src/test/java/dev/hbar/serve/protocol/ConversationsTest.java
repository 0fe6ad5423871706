package dev.hbar.serve.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hbar.serve.engine.ApiException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConversationsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static Fields fields(String json) throws Exception {
    return Fields.of((ObjectNode) JSON.readTree(json.replace('\'', '"')));
  }

  private static JsonNode json(String json) throws Exception {
    return JSON.readTree(json.replace('\'', '"'));
  }

  @Test
  void partsDeveloperAndCalls_becomeWhatTemplatesKnow() throws Exception {
    Fields body =
        fields(
            """
            {'messages': [
              {'role': 'developer', 'content': [{'type': 'text', 'text': 'Be '}, {'type': 'text', 'text': 'brief.'}]},
              {'role': 'assistant', 'content': null, 'tool_calls': [{'id': 'c1', 'type': 'function', 'function': {'name': 'f', 'arguments': '{\\\\'x\\\\': [1, 2]}'}}]},
              {'role': 'tool', 'tool_call_id': 'c1', 'content': '7'}],
             'tools': [{'type': 'function', 'function': {'name': 'f'}}]}
            """
                .replace("\\\\'", "\\\""));
    var conversation = Conversations.openAi(body);
    JsonNode messages = JSON.valueToTree(conversation.messages());
    assertEquals(json("{'role': 'system', 'content': 'Be brief.'}"), messages.get(0));
    assertEquals(
        json("{'name': 'f', 'arguments': {'x': [1, 2]}}"),
        messages.get(1).at("/tool_calls/0/function"));
    assertEquals("c1", messages.get(1).at("/tool_calls/0/id").textValue());
    assertEquals("7", messages.get(2).get("content").textValue());
    assertEquals("c1", messages.get(2).get("tool_call_id").textValue());
    assertEquals(1, conversation.tools().orElseThrow().size());
  }

  @Test
  void toolChoiceNone_hidesTheTools() throws Exception {
    Fields body =
        fields(
            "{'messages': [{'role': 'user', 'content': 'x'}], 'tools': [{'type': 'function', 'function': {'name': 'f'}}], 'tool_choice': 'none'}");
    assertEquals(Optional.empty(), Conversations.openAi(body).tools());
  }

  @Test
  void contentThatIsNoText_isRefusedByItsPath() throws Exception {
    Fields body =
        fields(
            "{'messages': [{'role': 'user', 'content': [{'type': 'text', 'text': 'x'}, {'type': 'image_url'}]}]}");
    ApiException refused = assertThrows(ApiException.class, () -> Conversations.openAi(body));
    assertEquals("messages[0].content[1].type", refused.field().orElseThrow());
  }

  @Test
  void templateVariables_areHandedOn() throws Exception {
    Fields body =
        fields(
            "{'messages': [{'role': 'user', 'content': 'x'}], 'chat_template_kwargs': {'enable_thinking': false}}");
    var variables = Conversations.openAi(body).variables();
    assertTrue(variables.containsKey("enable_thinking"));
  }

  @Test
  void everyKindOfTextPart_isJoinedToOneText() throws Exception {
    Fields body =
        fields(
            """
            {'messages': [{'role': 'user', 'name': 'n', 'content': [{'type': 'input_text', 'text': 'a'},
               {'type': 'refusal', 'refusal': 'b'}, {'type': 'output_text', 'text': 'c'}]},
               {'role': 'assistant'}], 'documents': [{'d': 1}, {'d': 2}]}
            """);
    var conversation = Conversations.openAi(body);
    JsonNode messages = JSON.valueToTree(conversation.messages());
    assertEquals(
        json(
            "[{'role': 'user', 'name': 'n', 'content': 'abc'}, {'role': 'assistant', 'content': ''}]"),
        messages);
    assertEquals(2, conversation.documents().orElseThrow().size());
    assertEquals(Optional.empty(), conversation.tools());
    ApiException none =
        assertThrows(ApiException.class, () -> Conversations.openAi(fields("{'messages': []}")));
    assertEquals("messages: must hold at least one message", none.getMessage());
    Fields mute = fields("{'role': 'user'}");
    assertEquals(
        "content: is missing",
        assertThrows(ApiException.class, () -> Conversations.text(mute, "content")).getMessage());
  }

  @Test
  void argumentsThatAreNoObject_stayAsTheyAre() throws Exception {
    assertEquals(
        json("{'x': 1}"), Conversations.parsed(json("'{\\'x\\': 1}'".replace("\\'", "\\\""))));
    for (String other : List.of("[1, 2]", "'[1, 2]'", "'{'", "7")) {
      assertEquals(json(other), Conversations.parsed(json(other)));
    }
  }
}
