package dev.hbar.model.answer;

import java.util.ArrayList;
import java.util.List;

/**
 * A whole answer.
 *
 * @param reasoning what the model thought, empty when it did not
 * @param content what it says
 * @param toolCalls the functions that it calls, in its order
 */
public record Answer(String reasoning, String content, List<ToolCall> toolCalls) {
  /** Copies the list. */
  public Answer {
    toolCalls = List.copyOf(toolCalls);
  }

  /** The answer that these pieces make. */
  public static Answer of(List<AnswerPart> parts) {
    StringBuilder reasoning = new StringBuilder();
    StringBuilder content = new StringBuilder();
    List<ToolCall> calls = new ArrayList<>();
    for (AnswerPart part : parts) {
      switch (part) {
        case AnswerPart.Reasoning thought -> reasoning.append(thought.text());
        case AnswerPart.Content said -> content.append(said.text());
        case AnswerPart.Call called -> calls.add(called.call());
      }
    }
    return new Answer(reasoning.toString(), content.toString(), calls);
  }
}
