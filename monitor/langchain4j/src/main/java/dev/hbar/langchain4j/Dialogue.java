package dev.hbar.langchain4j;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.hbar.model.answer.Answer;
import dev.hbar.model.answer.AnswerPart;
import dev.hbar.model.answer.AnswerStream;
import dev.hbar.model.answer.ParameterTypes;
import dev.hbar.model.answer.ToolCall;
import dev.hbar.model.decode.Sampling;
import dev.hbar.model.decode.TokenConstraint;
import dev.hbar.model.grammar.Grammar;
import dev.hbar.model.grammar.GrammarConstraint;
import dev.hbar.model.grammar.Vocabulary;
import dev.hbar.model.io.Json;
import dev.hbar.model.tokenizer.Conversation;
import dev.hbar.monitor.generation.GeneratedToken;
import dev.hbar.monitor.generation.Generation;
import dev.hbar.monitor.generation.GenerationModel;
import dev.hbar.monitor.generation.GenerationResult;
import dev.hbar.monitor.generation.GenerationSettings;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/** Requests of LangChain4j, answered by a model. Any thread. */
final class Dialogue {
  private final GenerationModel model;
  private final GenerationSettings defaults;
  private Optional<Vocabulary> vocabulary = Optional.empty();

  Dialogue(GenerationModel model, GenerationSettings defaults) {
    this.model = model;
    this.defaults = defaults;
  }

  /**
   * Answers a request.
   *
   * @param sink gets the parts of a free answer as they become certain; of one that is bound to a
   *     call, nothing
   * @throws IllegalArgumentException if the checkpoint has no chat template, or a schema says what
   *     cannot be enforced
   */
  ChatResponse answer(ChatRequest request, Consumer<AnswerPart> sink) {
    ChatRequestParameters wanted = request.parameters();
    List<JsonNode> tools =
        wanted.toolChoice() == ToolChoice.NONE
            ? List.of()
            : Turns.tools(wanted.toolSpecifications());
    Optional<Grammar> grammar = grammar(wanted, tools);
    boolean isCall = grammar.isPresent() && wanted.toolChoice() == ToolChoice.REQUIRED;
    String prompt = rendered(Turns.conversation(request.messages(), tools));
    int[] ids = model.tokenizer().encode(prompt, false);
    GenerationSettings settings = settings(wanted, grammar);
    try (Generation growing = model.start(ids, settings)) {
      Answer answer =
          grammar.isEmpty()
              ? free(growing, model.answerStream(prompt, types(tools)), sink)
              : bound(growing, isCall, sink);
      return response(answer, growing.result(), ids.length);
    }
  }

  private static ParameterTypes types(List<JsonNode> tools) {
    return ParameterTypes.of(Json.MAPPER.valueToTree(tools));
  }

  private String rendered(Conversation conversation) {
    return model
        .chatTemplate()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    model.name() + " has no chat template: take an instruct model"))
        .render(conversation);
  }

  private static Optional<Grammar> grammar(ChatRequestParameters wanted, List<JsonNode> tools) {
    if (wanted.toolChoice() == ToolChoice.REQUIRED && !tools.isEmpty()) {
      Map<String, JsonNode> parameters = new LinkedHashMap<>();
      tools.forEach(
          tool ->
              parameters.put(
                  tool.at("/function/name").textValue(), tool.at("/function/parameters")));
      return Optional.of(Grammar.ofCall(parameters));
    }
    if (wanted.responseFormat() == null
        || wanted.responseFormat().type() != ResponseFormatType.JSON) {
      return Optional.empty();
    }
    return Optional.of(
        Optional.ofNullable(wanted.responseFormat().jsonSchema())
            .map(schema -> Grammar.ofSchema(Turns.schema(schema.rootElement())))
            .orElseGet(Grammar::jsonObject));
  }

  private GenerationSettings settings(ChatRequestParameters wanted, Optional<Grammar> grammar) {
    Sampling base = defaults.sampling();
    Sampling.Penalties penalties =
        new Sampling.Penalties(
            base.penalties().repetition(),
            number(wanted.presencePenalty(), base.penalties().presence()),
            number(wanted.frequencyPenalty(), base.penalties().frequency()));
    Optional<TokenConstraint> constraint = grammar.map(this::constraint);
    Sampling sampling =
        new Sampling(
            number(wanted.temperature(), base.temperature()),
            wanted.topK() == null ? base.topK() : wanted.topK(),
            number(wanted.topP(), base.topP()),
            base.minP(),
            base.seed(),
            penalties,
            base.logitBias(),
            constraint);
    GenerationSettings.Builder settings = defaults.toBuilder().sampling(sampling);
    if (wanted.maxOutputTokens() != null) {
      settings.maxTokens(wanted.maxOutputTokens());
    }
    if (!wanted.stopSequences().isEmpty()) {
      settings.stop(wanted.stopSequences().toArray(String[]::new));
    }
    return settings.build();
  }

  private static float number(Double given, float otherwise) {
    return given == null ? otherwise : given.floatValue();
  }

  private synchronized TokenConstraint constraint(Grammar grammar) {
    if (vocabulary.isEmpty()) {
      vocabulary = Optional.of(Vocabulary.of(model.tokenizer()));
    }
    return new GrammarConstraint(
        grammar, vocabulary.get(), model.tokenizer(), Set.copyOf(model.config().eosTokenIds()));
  }

  private static Answer free(Generation growing, AnswerStream stream, Consumer<AnswerPart> sink) {
    for (Optional<GeneratedToken> token = growing.next();
        token.isPresent();
        token = growing.next()) {
      stream.add(token.get().id()).forEach(sink);
    }
    stream.finish().forEach(sink);
    return stream.answer();
  }

  private static Answer bound(Generation growing, boolean isCall, Consumer<AnswerPart> sink) {
    for (Optional<GeneratedToken> token = growing.next();
        token.isPresent();
        token = growing.next()) {
      if (!isCall && !token.get().text().isEmpty()) {
        sink.accept(new AnswerPart.Content(token.get().text()));
      }
    }
    String text = growing.result().text();
    return isCall ? called(text) : new Answer("", text, List.of());
  }

  /** A call that was cut off is text. */
  private static Answer called(String text) {
    try {
      JsonNode call = Json.MAPPER.readTree(text);
      ToolCall read = new ToolCall(call.at("/name").asText(), call.at("/arguments").toString());
      return new Answer("", "", List.of(read));
    } catch (JsonProcessingException cut) {
      return new Answer("", text, List.of());
    }
  }

  private ChatResponse response(Answer answer, GenerationResult result, int promptTokens) {
    List<ToolExecutionRequest> calls = new ArrayList<>();
    for (ToolCall call : answer.toolCalls()) {
      calls.add(
          ToolExecutionRequest.builder()
              .id("call_" + UUID.randomUUID())
              .name(call.name())
              .arguments(call.arguments())
              .build());
    }
    AiMessage.Builder message = AiMessage.builder().toolExecutionRequests(calls);
    if (!answer.content().isEmpty() || calls.isEmpty()) {
      message.text(answer.content());
    }
    if (!answer.reasoning().isEmpty()) {
      message.thinking(answer.reasoning());
    }
    return ChatResponse.builder()
        .aiMessage(message.build())
        .metadata(
            new UncertaintyMetadata.Builder()
                .modelName(model.name())
                .tokenUsage(new TokenUsage(promptTokens, result.tokens().size()))
                .finishReason(reason(result.stop(), !calls.isEmpty()))
                .tokens(result.tokens())
                .build())
        .build();
  }

  private static FinishReason reason(GenerationResult.StopReason stop, boolean calls) {
    return switch (stop) {
      case EOS -> calls ? FinishReason.TOOL_EXECUTION : FinishReason.STOP;
      case STOP -> FinishReason.STOP;
      case LENGTH, TIMEOUT -> FinishReason.LENGTH;
      case HALTED -> FinishReason.CONTENT_FILTER;
      case CANCELLED -> FinishReason.OTHER;
    };
  }
}
