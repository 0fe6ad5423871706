package dev.hbar.monitor.generation;

import dev.hbar.mlx.HbarException;

/** Why there is no text, or no more of it. The message is one complete line for the user. */
public abstract sealed class GenerationException extends HbarException {
  private static final long serialVersionUID = 1L;

  private GenerationException(String message) {
    super(message);
  }

  /** A checkpoint cannot chat. */
  static GenerationException noTemplate(String model) {
    return new BadPrompt(
        model
            + " has no chat template (tokenizer_config.json, chat_template): generate text instead");
  }

  static Interrupted interrupted(int tokens) {
    return new Interrupted(
        "the thread that asked for text was interrupted after " + tokens + " tokens");
  }

  static ModelClosed closed(String model) {
    return new ModelClosed(model + " is closed: open it again");
  }

  static IllegalStateException notEnded() {
    return new IllegalStateException(
        "the text has not ended: ask for its next tokens, or close it, first");
  }

  /** A failure of another thread, as its caller is thrown it. */
  static RuntimeException rethrown(Throwable cause) {
    if (cause instanceof Error error) {
      throw error;
    }
    return (RuntimeException) cause;
  }

  /** A prompt, or what was asked for beside it, cannot be used with this model. */
  public static final class BadPrompt extends GenerationException {
    private static final long serialVersionUID = 1L;

    BadPrompt(String message) {
      super(message);
    }
  }

  /** A model was used after it had been closed. */
  public static final class ModelClosed extends GenerationException {
    private static final long serialVersionUID = 1L;

    ModelClosed(String message) {
      super(message);
    }
  }

  /** The thread that asked for text was interrupted; its interrupt flag is still set. */
  public static final class Interrupted extends GenerationException {
    private static final long serialVersionUID = 1L;

    Interrupted(String message) {
      super(message);
    }
  }
}
