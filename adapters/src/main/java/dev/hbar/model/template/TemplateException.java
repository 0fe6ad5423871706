package dev.hbar.model.template;

import dev.hbar.mlx.HbarException;

/** A template is wrong, refuses its input or takes too much; the message is one line. */
public final class TemplateException extends HbarException {

  private static final long serialVersionUID = 1L;

  /** Why a template ended. */
  public enum Reason {
    /** It does not parse. */
    SYNTAX,
    /** It called {@code raise_exception}. */
    REFUSED,
    /** An operation failed. */
    RUNTIME,
    /** It took more time, depth or memory than allowed. */
    LIMIT
  }

  private final Reason reason;
  private final int line;

  TemplateException(Reason reason, int line, String message) {
    super(message);
    this.reason = reason;
    this.line = line;
  }

  /** Why the template ended. */
  public Reason reason() {
    return reason;
  }

  /** The line of the template, counted from 1. */
  public int line() {
    return line;
  }
}
