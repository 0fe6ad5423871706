package dev.hbar.serve;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hbar.mlx.ErrorText;
import dev.hbar.mlx.HbarException;
import dev.hbar.model.checkpoint.CheckpointException;
import dev.hbar.model.template.TemplateException;
import dev.hbar.monitor.generation.GenerationException;
import dev.hbar.serve.engine.ApiException;
import dev.hbar.serve.engine.Engine;
import dev.hbar.serve.protocol.Endpoint;
import dev.hbar.serve.protocol.Reply;
import io.helidon.common.socket.SocketWriterException;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One endpoint over HTTP: reads the body, sends the answer or the stream, words errors. */
final class Exchange {
  static final Endpoint OPENAI = (body, reply) -> {};

  private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String path;
  private final Endpoint endpoint;
  private final Engine engine;
  private final Gate gate;
  private final long bodyBytes;

  Exchange(String path, Endpoint endpoint, Engine engine, Gate gate, long bodyBytes) {
    this.path = path;
    this.endpoint = endpoint;
    this.engine = engine;
    this.gate = gate;
    this.bodyBytes = bodyBytes;
  }

  /** Sends a document. */
  static void send(ServerResponse response, int status, JsonNode body) {
    response.status(status).header("Content-Type", "application/json");
    response.send(bytes(body));
  }

  private static byte[] bytes(JsonNode body) {
    try {
      return JSON.writeValueAsBytes(body);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The path is there for POST only. */
  void wrongMethod(ServerRequest request, ServerResponse response) {
    response.header("Allow", "POST");
    ApiException refused = ApiException.of(ApiException.Kind.METHOD, path + " takes POST");
    send(response, refused.kind().status(), endpoint.error(refused));
  }

  /** Answers one request; one line of the log, without its text. */
  void answer(ServerRequest request, ServerResponse response) {
    long started = System.nanoTime();
    HttpReply reply = new HttpReply(response);
    int status = 200;
    try {
      gate.require(request);
      endpoint.answer(body(request), reply);
      reply.finish();
    } catch (ClientGoneException gone) {
      status = 499;
    } catch (RuntimeException | Error failure) {
      status = refuse(reply, response, failure);
    }
    engine.metrics().request(path, status);
    LOG.info("{} {} {} ms", path, status, (System.nanoTime() - started) / 1_000_000);
  }

  private int refuse(HttpReply reply, ServerResponse response, Throwable failure) {
    ApiException refused = asApi(failure);
    if (refused.kind() == ApiException.Kind.FAILED) {
      LOG.error("{} failed", path, failure);
    }
    try {
      if (reply.isStreaming()) {
        reply.fail(endpoint, refused);
      } else {
        if (refused.kind() == ApiException.Kind.BUSY) {
          response.header("Retry-After", "1");
        }
        send(response, refused.kind().status(), endpoint.error(refused));
      }
    } catch (ClientGoneException | UncheckedIOException gone) {
      LOG.debug("{}: the client has gone", path);
    }
    return refused.kind().status();
  }

  /** Which failures are the request's. */
  private static ApiException asApi(Throwable failure) {
    return switch (failure) {
      case ApiException known -> known;
      case GenerationException.BadPrompt prompt ->
          ApiException.of(ApiException.Kind.INVALID, prompt);
      case IllegalArgumentException wrong -> ApiException.of(ApiException.Kind.INVALID, wrong);
      case CheckpointException conversation when isRequests(conversation.getCause()) ->
          ApiException.of(
              ApiException.Kind.INVALID,
              "the chat template: " + ErrorText.reason(conversation.getCause()));
      case CheckpointException large -> ApiException.of(ApiException.Kind.UNAVAILABLE, large);
      case GenerationException.ModelClosed closed ->
          ApiException.of(ApiException.Kind.UNAVAILABLE, closed);
      case GenerationException.Interrupted stopped ->
          ApiException.of(ApiException.Kind.UNAVAILABLE, stopped);
      case HbarException other -> ApiException.of(ApiException.Kind.FAILED, other);
      default ->
          ApiException.of(
              ApiException.Kind.FAILED,
              new IllegalStateException(
                  "internal error: " + failure.getClass().getSimpleName(), failure));
    };
  }

  /** A template that refuses a conversation, or a conversation that is none. */
  private static boolean isRequests(Throwable cause) {
    return cause instanceof TemplateException || cause instanceof IllegalArgumentException;
  }

  private ObjectNode body(ServerRequest request) {
    try {
      return RequestBody.read(request, bodyBytes);
    } catch (UncheckedIOException gone) {
      throw new ClientGoneException(gone);
    }
  }

  /** Nobody reads the answer any more. */
  private static final class ClientGoneException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private ClientGoneException(Exception cause) {
      super(cause);
    }
  }

  /** The reply over HTTP. */
  private static final class HttpReply implements Reply, Reply.Events {
    private final ServerResponse response;
    private OutputStream stream;

    private HttpReply(ServerResponse response) {
      this.response = response;
    }

    private boolean isStreaming() {
      return stream != null;
    }

    @Override
    public void json(JsonNode body) {
      try {
        Exchange.send(response, 200, body);
      } catch (UncheckedIOException | SocketWriterException | CloseConnectionException e) {
        throw new ClientGoneException(e);
      }
    }

    @Override
    public Events events() {
      response.status(200).header("Content-Type", "text/event-stream; charset=utf-8");
      response.header("Cache-Control", "no-store").header("X-Accel-Buffering", "no");
      stream = response.outputStream();
      return this;
    }

    @Override
    public void send(JsonNode data) {
      write("data: " + text(data) + "\n\n");
    }

    @Override
    public void send(String name, JsonNode data) {
      write("event: " + name + "\ndata: " + text(data) + "\n\n");
    }

    @Override
    public void ping() {
      write(": reading the prompt\n\n");
    }

    @Override
    public void done() {
      write("data: [DONE]\n\n");
    }

    private static String text(JsonNode data) {
      return new String(bytes(data), StandardCharsets.UTF_8);
    }

    private void write(String event) {
      try {
        stream.write(event.getBytes(StandardCharsets.UTF_8));
        stream.flush();
      } catch (IOException
          | UncheckedIOException
          | CloseConnectionException
          | SocketWriterException e) {
        throw new ClientGoneException(e);
      }
    }

    private void fail(Endpoint endpoint, ApiException failure) {
      if (endpoint.errorEvent().isEmpty()) {
        send(endpoint.error(failure));
      } else {
        send(endpoint.errorEvent(), endpoint.error(failure));
      }
      finish();
    }

    private void finish() {
      if (stream == null) {
        return;
      }
      try {
        stream.close();
      } catch (IOException
          | UncheckedIOException
          | CloseConnectionException
          | SocketWriterException e) {
        throw new ClientGoneException(e);
      }
    }
  }
}
