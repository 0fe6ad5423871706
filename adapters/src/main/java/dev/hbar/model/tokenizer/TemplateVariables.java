package dev.hbar.model.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** The variables of a template, as transformers' apply_chat_template gives them. */
final class TemplateVariables {

  private static final Set<String> RESERVED =
      Set.of("messages", "tools", "documents", "add_generation_prompt");
  private static final List<String> REASONING =
      List.of("reasoning_content", "thinking", "reasoning");

  private TemplateVariables() {}

  /**
   * All variables of a rendering.
   *
   * @param template the Jinja program, of which the names of reasoning that it reads are looked up
   * @throws IllegalArgumentException if the conversation is empty, a message, tool or document is
   *     no object, or a variable has a reserved name
   */
  static Map<String, Object> of(
      Conversation conversation, Map<String, String> specialTokens, String template) {
    if (conversation.messages().isEmpty()) {
      throw new IllegalArgumentException("the conversation is empty: give at least one message");
    }
    Map<String, Object> variables = new HashMap<>(specialTokens);
    for (Map.Entry<String, ?> variable : conversation.variables().entrySet()) {
      if (RESERVED.contains(variable.getKey())) {
        throw new IllegalArgumentException(
            "the variable " + variable.getKey() + " is a part of the conversation: rename it");
      }
      variables.put(variable.getKey(), variable.getValue());
    }
    List<String> read =
        REASONING.stream().filter(name -> template.matches("(?s).*\\b" + name + "\\b.*")).toList();
    List<Object> all = new ArrayList<>();
    conversation.messages().forEach(one -> all.add(withReasoning(object("message", one), read)));
    variables.put("messages", all);
    variables.put("tools", objects("tool", conversation.tools()));
    variables.put("documents", objects("document", conversation.documents()));
    variables.put("add_generation_prompt", conversation.addGenerationPrompt());
    return variables;
  }

  private static List<Object> objects(String what, Optional<List<?>> values) {
    if (values.isEmpty()) {
      return null;
    }
    List<Object> objects = new ArrayList<>();
    values.get().forEach(value -> objects.add(object(what, value)));
    return objects;
  }

  private static Map<String, Object> object(String what, Object value) {
    Map<String, Object> fields = new LinkedHashMap<>();
    if (value instanceof Map<?, ?> map) {
      map.forEach((key, field) -> fields.put(String.valueOf(key), field));
    } else if (value instanceof JsonNode node && node.isObject()) {
      node.properties().forEach(field -> fields.put(field.getKey(), field.getValue()));
    } else {
      throw new IllegalArgumentException("a " + what + " is no JSON object: write it as one");
    }
    return fields;
  }

  /** Gives a message's reasoning under the names that the template reads, if it has another. */
  private static Map<String, Object> withReasoning(Map<String, Object> message, List<String> read) {
    Optional<Object> reasoning =
        REASONING.stream().map(message::get).filter(TemplateVariables::isSomething).findFirst();
    if (reasoning.isPresent()
        && read.stream().map(message::get).noneMatch(TemplateVariables::isSomething)) {
      read.forEach(name -> message.put(name, reasoning.get()));
    }
    return message;
  }

  private static boolean isSomething(Object value) {
    return Objects.nonNull(value) && !(value instanceof JsonNode node && node.isNull());
  }
}
