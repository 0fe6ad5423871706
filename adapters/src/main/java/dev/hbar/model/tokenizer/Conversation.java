package dev.hbar.model.tokenizer;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a chat template makes a text of. Values are JSON: text, numbers, booleans, lists, maps with
 * text keys, Jackson nodes and null.
 *
 * @param messages the turns, oldest first; each a map with at least a role
 * @param tools the functions that the model may call, as JSON schemas
 * @param documents what the model may quote
 * @param addGenerationPrompt whether the text ends with the opening of the assistant's turn
 * @param variables further variables of the template, such as {@code enable_thinking}
 */
public record Conversation(
    List<?> messages,
    Optional<List<?>> tools,
    Optional<List<?>> documents,
    boolean addGenerationPrompt,
    Map<String, ?> variables) {

  /** Copies the messages and variables, which keep their order and may hold null. */
  public Conversation {
    messages = Collections.unmodifiableList(new ArrayList<>(messages));
    variables = Collections.unmodifiableMap(new LinkedHashMap<>(variables));
  }

  /** Turns of plain text, without anything else. */
  public static Conversation of(List<Message> messages, boolean addGenerationPrompt) {
    List<Map<String, String>> turns = new ArrayList<>();
    for (Message message : messages) {
      Map<String, String> turn = new LinkedHashMap<>();
      turn.put("role", message.role());
      turn.put("content", message.content());
      turns.add(turn);
    }
    return new Conversation(
        turns, Optional.empty(), Optional.empty(), addGenerationPrompt, Map.of());
  }

  /** The same with functions that the model may call. */
  public Conversation withTools(List<?> offered) {
    return new Conversation(
        messages, Optional.of(offered), documents, addGenerationPrompt, variables);
  }

  /** The same with documents that the model may quote. */
  public Conversation withDocuments(List<?> given) {
    return new Conversation(messages, tools, Optional.of(given), addGenerationPrompt, variables);
  }

  /** The same with further variables. */
  public Conversation withVariables(Map<String, ?> further) {
    return new Conversation(messages, tools, documents, addGenerationPrompt, further);
  }
}
