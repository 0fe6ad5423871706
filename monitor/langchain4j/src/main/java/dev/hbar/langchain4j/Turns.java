package dev.hbar.langchain4j;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hbar.model.io.Json;
import dev.hbar.model.tokenizer.Conversation;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.internal.JsonSchemaElementUtils;
import dev.langchain4j.model.chat.request.json.JsonSchemaElement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Messages and tools of LangChain4j in the form that chat templates know. */
final class Turns {
  private Turns() {}

  static Conversation conversation(List<ChatMessage> messages, List<JsonNode> tools) {
    List<ObjectNode> turns = messages.stream().map(Turns::turn).toList();
    return new Conversation(
        turns,
        tools.isEmpty() ? Optional.empty() : Optional.of(tools),
        Optional.empty(),
        true,
        Map.of());
  }

  private static ObjectNode turn(ChatMessage message) {
    return switch (message) {
      case SystemMessage system -> turn("system", system.text());
      case UserMessage user -> turn("user", text(user.contents()));
      case AiMessage assistant -> turn(assistant);
      case ToolExecutionResultMessage result ->
          turn("tool", result.text())
              .put("tool_call_id", result.id())
              .put("name", result.toolName());
      default ->
          throw new IllegalArgumentException("message of kind " + message.type() + " is not known");
    };
  }

  private static ObjectNode turn(String role, String content) {
    return Json.MAPPER.createObjectNode().put("role", role).put("content", content);
  }

  private static String text(List<Content> contents) {
    StringBuilder text = new StringBuilder();
    for (Content content : contents) {
      if (!(content instanceof TextContent words)) {
        throw new IllegalArgumentException(content.type() + " is not supported: give text only");
      }
      text.append(words.text());
    }
    return text.toString();
  }

  private static ObjectNode turn(AiMessage message) {
    ObjectNode turn = turn("assistant", message.text() == null ? "" : message.text());
    if (message.hasToolExecutionRequests()) {
      ArrayNode calls = turn.putArray("tool_calls");
      message
          .toolExecutionRequests()
          .forEach(
              request -> {
                ObjectNode call = calls.addObject().put("type", "function").put("id", request.id());
                call.putObject("function")
                    .put("name", request.name())
                    .set("arguments", parsed(request.arguments()));
              });
    }
    return turn;
  }

  private static JsonNode parsed(String arguments) {
    try {
      return Json.MAPPER.readTree(arguments);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      return Json.MAPPER.getNodeFactory().textNode(arguments);
    }
  }

  static List<JsonNode> tools(List<ToolSpecification> specifications) {
    List<JsonNode> tools = new ArrayList<>();
    for (ToolSpecification each : specifications) {
      ObjectNode tool = Json.MAPPER.createObjectNode().put("type", "function");
      ObjectNode function = tool.putObject("function").put("name", each.name());
      Optional.ofNullable(each.description()).ifPresent(text -> function.put("description", text));
      function.set(
          "parameters",
          each.parameters() == null ? Json.MAPPER.createObjectNode() : schema(each.parameters()));
      tools.add(tool);
    }
    return tools;
  }

  /** As JSON Schema. */
  static JsonNode schema(JsonSchemaElement element) {
    return Json.MAPPER.valueToTree(JsonSchemaElementUtils.toMap(element));
  }
}
