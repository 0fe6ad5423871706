package dev.hbar.serve.protocol;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.hbar.model.answer.Answer;
import dev.hbar.model.answer.AnswerFormat;
import dev.hbar.model.answer.AnswerPart;
import dev.hbar.model.answer.AnswerReader;
import dev.hbar.model.answer.ParameterTypes;
import dev.hbar.model.answer.ToolCall;
import dev.hbar.model.io.Json;
import dev.hbar.model.tokenizer.Tokenizer;
import dev.hbar.monitor.generation.GeneratedToken;
import dev.hbar.serve.engine.Job;
import dev.hbar.serve.engine.ServedModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Takes one answer apart into reasoning, text and calls of tools, while it grows. One thread. */
final class AnswerParts {
  private final ServedModel model;
  private final boolean isCall;
  private final Optional<AnswerReader> reader;
  private final StringBuilder call = new StringBuilder();
  private int taken;

  private AnswerParts(ServedModel model, boolean isCall, Optional<AnswerReader> reader) {
    this.model = model;
    this.isCall = isCall;
    this.reader = reader;
  }

  /**
   * The parts of an answer.
   *
   * @param prompt the rendered conversation, which may have opened the reasoning
   */
  static AnswerParts of(ServedModel model, String prompt, AnswerShape shape) {
    AnswerFormat format = shape.isConstrained() ? AnswerFormat.PLAIN : format(model, shape);
    Optional<AnswerReader> reader =
        format.equals(AnswerFormat.PLAIN)
            ? Optional.empty()
            : Optional.of(format.reader(prompt, ParameterTypes.of(shape.toolsNode())));
    return new AnswerParts(model, !shape.forced().isEmpty(), reader);
  }

  /** Without tools on offer nothing is a call. */
  private static AnswerFormat format(ServedModel model, AnswerShape shape) {
    AnswerFormat format =
        model
            .model()
            .chatTemplate()
            .map(template -> AnswerFormat.of(template.source()))
            .orElse(AnswerFormat.PLAIN);
    return format instanceof AnswerFormat.Marked marked && shape.tools().isEmpty()
        ? new AnswerFormat.Marked(marked.reasoning(), List.of(), false)
        : format;
  }

  /** All parts of an answer that is whole; one that was taken back says its text. */
  static Answer whole(AnswerParts parts, Job.Answer answer) {
    List<AnswerPart> all = new ArrayList<>();
    answer.tokens().forEach(token -> all.addAll(parts.add(token)));
    all.addAll(parts.finish(answer));
    return Answer.of(all);
  }

  /** What becomes certain with a token. */
  List<AnswerPart> add(GeneratedToken token) {
    taken += token.text().length();
    if (isCall) {
      call.append(token.text());
      return List.of();
    }
    if (reader.isEmpty()) {
      return said(token.text());
    }
    List<AnswerPart> parts = new ArrayList<>(reader.get().add(token.text(), false));
    Tokenizer tokenizer = model.model().tokenizer();
    if (tokenizer.isSpecial(token.id())) {
      String mark = tokenizer.piece(token.id()).orElse("");
      parts.addAll(reader.get().add(mark, true));
    }
    return parts;
  }

  private static List<AnswerPart> said(String text) {
    return text.isEmpty() ? List.of() : List.of(new AnswerPart.Content(text));
  }

  /** The rest of an answer whose tokens were added. */
  List<AnswerPart> finish(Job.Answer answer) {
    String rest = answer.text().substring(Math.min(taken, answer.text().length()));
    if (isCall && !answer.isHalted()) {
      return called(call + rest);
    }
    if (reader.isEmpty() || answer.tokens().isEmpty()) {
      return said(rest);
    }
    List<AnswerPart> parts = new ArrayList<>(reader.get().add(rest, false));
    parts.addAll(reader.get().finish());
    return parts;
  }

  /** The call that a grammar has forced; one that was cut off is text. */
  private static List<AnswerPart> called(String text) {
    try {
      JsonNode said = Json.MAPPER.readTree(text);
      String arguments = said.path("arguments").toString();
      return List.of(new AnswerPart.Call(new ToolCall(said.path("name").asText(), arguments)));
    } catch (JsonProcessingException cut) {
      return said(text);
    }
  }
}
