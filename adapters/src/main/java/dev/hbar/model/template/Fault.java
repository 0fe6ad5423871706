package dev.hbar.model.template;

import dev.hbar.model.template.TemplateException.Reason;

/** An operation failed; the interpreter adds the line. */
final class Fault extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final Reason reason;

  Fault(Reason reason, String message) {
    super(message, null, false, false);
    this.reason = reason;
  }

  Fault(String message) {
    this(Reason.RUNTIME, message);
  }

  Reason reason() {
    return reason;
  }
}
