package dev.hbar.model.tokenizer;

import java.util.Objects;

/**
 * One turn of a conversation as chat templates see it.
 *
 * @param role who speaks: usually {@code system}, {@code user} or {@code assistant}; the template
 *     decides what it knows
 * @param content the text, exactly as it shall reach the template
 */
public record Message(String role, String content) {

  /** Refuses null. */
  public Message {
    Objects.requireNonNull(role, "role");
    Objects.requireNonNull(content, "content");
  }

  /** What a person says. */
  public static Message user(String content) {
    return new Message("user", content);
  }

  /** What the model said. */
  public static Message assistant(String content) {
    return new Message("assistant", content);
  }

  /** The instructions that stand before the conversation. */
  public static Message system(String content) {
    return new Message("system", content);
  }
}
