package dev.hbar.serve.engine;

import dev.hbar.mlx.ErrorText;
import dev.hbar.mlx.HbarException;
import java.util.Optional;

/**
 * A request that cannot be answered, and what its sender can do; each protocol words it its way.
 */
public final class ApiException extends HbarException {
  private static final long serialVersionUID = 1L;

  /** What is wrong, which decides the status and the type that a protocol gives it. */
  public enum Kind {
    /** The request itself. */
    INVALID(400),
    /** No key, or a wrong one. */
    UNAUTHORIZED(401),
    /** A web page of another origin, or another name for this machine. */
    FORBIDDEN(403),
    /** No such model or path. */
    NOT_FOUND(404),
    /** The path is there, for another method. */
    METHOD(405),
    /** A body beyond the limit. */
    TOO_LARGE(413),
    /** The queue is full. */
    BUSY(429),
    /** The model failed. */
    FAILED(500),
    /** Closing, or the model does not fit beside the ones in use. */
    UNAVAILABLE(503);

    private final int status;

    Kind(int status) {
      this.status = status;
    }

    /** The HTTP status. */
    public int status() {
      return status;
    }
  }

  private static final int MOST = 1000;

  private final Kind kind;
  private final String field;

  private ApiException(Kind kind, String field, String message, Throwable cause) {
    super(shown(message), cause);
    this.kind = kind;
    this.field = field;
  }

  /** A request may hold anything, and a client may print what it gets back. */
  private static String shown(String message) {
    return ErrorText.oneLine(
        message.length() <= MOST ? message : message.substring(0, MOST) + "...");
  }

  /** Something that is wrong with the request as a whole, or with the server. */
  public static ApiException of(Kind kind, String message) {
    return new ApiException(kind, "", message, null);
  }

  /** A field that cannot be taken; the message begins with its name. */
  public static ApiException field(String field, String problem) {
    return new ApiException(Kind.INVALID, field, field + ": " + problem, null);
  }

  /** A failure below, which stays the cause. */
  public static ApiException of(Kind kind, Throwable cause) {
    return new ApiException(kind, "", String.valueOf(cause.getMessage()), cause);
  }

  /** What is wrong. */
  public Kind kind() {
    return kind;
  }

  /** The field that is to blame, as the request spells it. */
  public Optional<String> field() {
    return field.isEmpty() ? Optional.empty() : Optional.of(field);
  }
}
