package dev.hbar.model.answer;

/** A piece of an answer, in the order of its text. */
public sealed interface AnswerPart {
  /** What the model thinks before it answers. */
  record Reasoning(String text) implements AnswerPart {}

  /** What it says. */
  record Content(String text) implements AnswerPart {}

  /** A function that it calls, known once the call is complete. */
  record Call(ToolCall call) implements AnswerPart {}
}
