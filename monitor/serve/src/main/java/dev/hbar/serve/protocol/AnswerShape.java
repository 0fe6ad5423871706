package dev.hbar.serve.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.hbar.model.grammar.Grammar;
import dev.hbar.monitor.generation.GenerationSettings;
import dev.hbar.serve.engine.ApiException;
import dev.hbar.serve.engine.ServedModel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What an answer may consist of: text, JSON of a schema, calls of tools.
 *
 * @param tools that the model is told of, in the form that templates know, which is OpenAI's
 * @param forced those of which it must call one; empty where it may answer
 * @param format what the text must be
 */
record AnswerShape(List<JsonNode> tools, List<JsonNode> forced, Optional<Format> format) {
  /**
   * JSON that the text must be.
   *
   * @param schema of it; empty for any object
   * @param field of the request that asks for it
   */
  record Format(Optional<JsonNode> schema, String field) {}

  /** Of text only. */
  static final AnswerShape FREE = new AnswerShape(List.of(), List.of(), Optional.empty());

  /**
   * Tools as they are chosen.
   *
   * @param choice {@code auto}, {@code none}, {@code required}, or the name of one of them in
   *     quotes
   * @throws ApiException if it asks for a tool that was not offered
   */
  static AnswerShape of(List<JsonNode> tools, ToolChoice choice, Optional<Format> format) {
    return switch (choice) {
      case ToolChoice.Free() -> new AnswerShape(tools, List.of(), format);
      case ToolChoice.None() -> new AnswerShape(List.of(), List.of(), format);
      case ToolChoice.Any() -> {
        if (tools.isEmpty()) {
          throw ApiException.field("tool_choice", "needs tools");
        }
        yield new AnswerShape(tools, tools, Optional.empty());
      }
      case ToolChoice.One(String name) -> {
        List<JsonNode> chosen = tools.stream().filter(tool -> name(tool).equals(name)).toList();
        if (chosen.isEmpty()) {
          throw ApiException.field("tool_choice", "names a tool that is not in tools: " + name);
        }
        yield new AnswerShape(tools, chosen, Optional.empty());
      }
    };
  }

  /** Which of the tools shall be called. */
  sealed interface ToolChoice {
    /** As the model likes. */
    record Free() implements ToolChoice {}

    /** None. */
    record None() implements ToolChoice {}

    /** One of them. */
    record Any() implements ToolChoice {}

    /** This one. */
    record One(String name) implements ToolChoice {}

    /** By the words of OpenAI and Anthropic. */
    static Optional<ToolChoice> word(String word) {
      return switch (word) {
        case "auto" -> Optional.of(new Free());
        case "none" -> Optional.of(new None());
        case "required", "any" -> Optional.of(new Any());
        default -> Optional.empty();
      };
    }
  }

  private static String name(JsonNode tool) {
    return tool.at("/function/name").asText();
  }

  /** Whether every token is bound to a grammar. */
  boolean isConstrained() {
    return !forced.isEmpty() || format.isPresent();
  }

  /** The tools as one node. */
  JsonNode toolsNode() {
    ArrayNode all = OpenAi.JSON.arrayNode();
    tools.forEach(all::add);
    return all;
  }

  /**
   * Settings under which the answer takes this shape.
   *
   * @throws ApiException naming the keyword of a schema that is not understood
   */
  GenerationSettings bound(ServedModel model, GenerationSettings settings) {
    if (!isConstrained()) {
      return settings;
    }
    String field = forced.isEmpty() ? format.orElseThrow().field() : "tools";
    Supplier<Grammar> grammar = forced.isEmpty() ? this::formatted : this::call;
    String key = forced.isEmpty() ? "format " + format.orElseThrow().schema() : "call " + forced;
    try {
      return settings.toBuilder()
          .sampling(settings.sampling().with(model.grammars().constraint(key, grammar)))
          .build();
    } catch (IllegalArgumentException e) {
      throw ApiException.field(field, e.getMessage());
    }
  }

  private Grammar formatted() {
    return format.orElseThrow().schema().map(Grammar::ofSchema).orElseGet(Grammar::jsonObject);
  }

  private Grammar call() {
    Map<String, JsonNode> parameters = new LinkedHashMap<>();
    forced.forEach(tool -> parameters.put(name(tool), tool.at("/function/parameters")));
    return Grammar.ofCall(parameters);
  }
}
