package dev.hbar.serve.engine;

import dev.hbar.model.tokenizer.ChatTemplate;
import dev.hbar.model.tokenizer.Conversation;
import dev.hbar.monitor.generation.GenerationBatch;
import dev.hbar.monitor.generation.GenerationModel;
import dev.hbar.monitor.risk.HaltPolicy;
import java.time.Instant;

/**
 * A model that answers requests, under the name that clients know. Safe from any thread; owned by
 * the {@link ModelPool}.
 *
 * @param name what clients call it
 * @param model opened; its weights may not be loaded yet
 * @param batch in which all its answers grow
 * @param policy how risk is computed, and the threshold above which a token is flagged
 * @param opened when it was opened
 * @param grammars that its answers were bound to
 */
public record ServedModel(
    String name,
    GenerationModel model,
    GenerationBatch batch,
    HaltPolicy policy,
    Instant opened,
    Grammars grammars)
    implements AutoCloseable {
  /** Ends its answers and frees it. Idempotent. */
  @Override
  public void close() {
    batch.close();
    model.close();
  }

  /**
   * The text that a conversation becomes.
   *
   * @throws ApiException if the checkpoint has no chat template, or the template refuses the
   *     conversation
   */
  public String render(Conversation conversation) {
    ChatTemplate template =
        model
            .chatTemplate()
            .orElseThrow(
                () ->
                    ApiException.of(
                        ApiException.Kind.INVALID,
                        name
                            + " is a base model without a chat template: use /v1/completions with a prompt"));
    return template.render(conversation);
  }

  /** The prompt that a rendered conversation is. */
  public int[] prompt(String rendered) {
    return model.tokenizer().encode(rendered, false);
  }

  /** Whether a token ends a text and is no part of it. */
  public boolean isEnd(int id) {
    return model.config().eosTokenIds().contains(id);
  }
}
