package dev.hbar.serve.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hbar.model.answer.ToolCall;
import dev.hbar.model.tokenizer.Tokenizer;
import dev.hbar.monitor.generation.GeneratedToken;
import dev.hbar.monitor.generation.GeneratedToken.Alternative;
import dev.hbar.monitor.generation.GenerationResult.StopReason;
import dev.hbar.serve.engine.ApiException;
import dev.hbar.serve.engine.Job;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

/** The pieces that OpenAI's endpoints share. */
final class OpenAi {
  static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private OpenAi() {}

  /** A fresh id such as {@code chatcmpl-0f3a...}. */
  static String id(String prefix) {
    return prefix + UUID.randomUUID().toString().replace("-", "");
  }

  /** {@code {"error": {...}}}. */
  static JsonNode error(ApiException error) {
    ObjectNode body = JSON.objectNode();
    ObjectNode inner = body.putObject("error");
    inner.put("message", error.getMessage());
    inner.put("type", type(error.kind()));
    inner.put("param", error.field().orElse(null));
    inner.put("code", code(error.kind()));
    return body;
  }

  private static String type(ApiException.Kind kind) {
    return switch (kind) {
      case INVALID, FORBIDDEN, NOT_FOUND, METHOD, TOO_LARGE -> "invalid_request_error";
      case UNAUTHORIZED -> "authentication_error";
      case BUSY -> "rate_limit_error";
      case FAILED, UNAVAILABLE -> "server_error";
    };
  }

  private static String code(ApiException.Kind kind) {
    return switch (kind) {
      case UNAUTHORIZED -> "invalid_api_key";
      case NOT_FOUND -> "model_not_found";
      case BUSY -> "rate_limit_exceeded";
      default -> null;
    };
  }

  /** A call with an id of its own, as chat completions write it. */
  static void call(ObjectNode node, ToolCall call) {
    node.put("id", id("call_")).put("type", "function");
    node.putObject("function").put("name", call.name()).put("arguments", call.arguments());
  }

  /** Why an answer ended. Risk is told as the filter that OpenAI's clients know. */
  static String finishReason(StopReason stop) {
    return switch (stop) {
      case EOS, STOP, CANCELLED -> "stop";
      case LENGTH, TIMEOUT -> "length";
      case HALTED -> "content_filter";
    };
  }

  /** Tokens of the prompt and of all answers. */
  static ObjectNode usage(int prompt, List<Job.Answer> answers) {
    int generated = answers.stream().mapToInt(answer -> answer.result().tokens().size()).sum();
    ObjectNode usage = JSON.objectNode();
    usage.put("prompt_tokens", prompt);
    usage.put("completion_tokens", generated);
    usage.put("total_tokens", prompt + generated);
    int reused = answers.stream().mapToInt(Job.Answer::reusedTokens).max().orElse(0);
    usage.putObject("prompt_tokens_details").put("cached_tokens", reused);
    return usage;
  }

  /** A token's text, ln p and bytes. */
  private static ObjectNode entry(Tokenizer tokenizer, int id, double logProbability) {
    byte[] bytes = tokenizer.bytes(id);
    ObjectNode entry = JSON.objectNode();
    entry.put("token", new String(bytes, StandardCharsets.UTF_8));
    entry.put("logprob", logProbability);
    ArrayNode all = entry.putArray("bytes");
    for (byte value : bytes) {
      all.add(value & 0xFF);
    }
    return entry;
  }

  /** A token as chat completions and responses describe it, with its likeliest alternatives. */
  static ObjectNode logprob(Tokenizer tokenizer, GeneratedToken token) {
    ObjectNode entry = entry(tokenizer, token.id(), token.logProbability());
    ArrayNode top = entry.putArray("top_logprobs");
    for (Alternative other : token.alternatives()) {
      top.add(entry(tokenizer, other.id(), other.logProbability()));
    }
    return entry;
  }
}
