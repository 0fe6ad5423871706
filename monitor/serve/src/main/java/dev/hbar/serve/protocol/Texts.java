package dev.hbar.serve.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hbar.model.tokenizer.Tokenizer;
import dev.hbar.monitor.generation.GenerationSettings;
import dev.hbar.monitor.generation.ScoredToken;
import dev.hbar.monitor.signal.DistributionSignals;
import dev.hbar.serve.engine.Engine;
import dev.hbar.serve.engine.ServedModel;
import java.util.Arrays;
import java.util.List;

/** hbar's own endpoints about text that is given: {@code /v1/score} and {@code /v1/tokenize}. */
public final class Texts {
  private Texts() {}

  /**
   * {@code {"prompt", "answer"}}: what the model thinks of every token of the answer, in one pass.
   */
  public static Endpoint score(Engine engine) {
    return (body, reply) -> {
      Fields fields = Fields.of(body);
      String prompt = fields.requiredText("prompt");
      String answer = fields.requiredText("answer");
      engine.on(
          fields.text("model").orElse(""),
          model -> {
            Tokenizer tokenizer = model.model().tokenizer();
            int before = tokenizer.encode(prompt).length;
            int given = tokenizer.encode(answer, false).length;
            engine.load(
                model, before, GenerationSettings.builder().maxTokens(Math.max(1, given)).build());
            reply.json(scored(model, before, model.model().score(prompt, answer)));
            return true;
          });
    };
  }

  private static ObjectNode scored(ServedModel model, int before, List<ScoredToken> scored) {
    ObjectNode body = OpenAi.JSON.objectNode().put("object", "score").put("model", model.name());
    ArrayNode tokens = body.putArray("tokens");
    for (ScoredToken token : scored) {
      tokens
          .addObject()
          .put("id", token.id())
          .put("text", token.text())
          .put("logprob", token.logProbability())
          .put(DistributionSignals.ENTROPY.id(), token.entropy())
          .put("rank", token.rank());
    }
    double sum = scored.stream().mapToDouble(ScoredToken::logProbability).sum();
    body.put("sum_logprob", sum).put("mean_logprob", sum / scored.size());
    body.put("perplexity", Math.exp(-sum / scored.size()));
    body.putObject("usage")
        .put("prompt_tokens", before)
        .put("answer_tokens", scored.size())
        .put("total_tokens", before + scored.size());
    return body;
  }

  /** {@code {"text"}} or {@code {"messages"}}: the token ids and the pieces they stand for. */
  public static Endpoint tokenize(Engine engine) {
    return (body, reply) -> {
      Fields fields = Fields.of(body);
      if (fields.has("text") == fields.has("messages")) {
        throw fields.wrong("text", "give either text or messages");
      }
      engine.on(
          fields.text("model").orElse(""),
          model -> {
            boolean special = fields.flag("add_special_tokens", true);
            int[] ids =
                fields.has("text")
                    ? model.model().tokenizer().encode(fields.requiredText("text"), special)
                    : model.prompt(model.render(Conversations.openAi(fields)));
            reply.json(tokenized(model, ids));
            return true;
          });
    };
  }

  private static JsonNode tokenized(ServedModel model, int[] ids) {
    ObjectNode body = OpenAi.JSON.objectNode().put("model", model.name()).put("count", ids.length);
    ArrayNode tokens = body.putArray("tokens");
    Arrays.stream(ids).forEach(tokens::add);
    ArrayNode pieces = body.putArray("pieces");
    for (int id : ids) {
      pieces.add(model.model().tokenizer().piece(id).orElse(""));
    }
    body.put("max_model_len", model.model().config().contextLength());
    return body;
  }
}
