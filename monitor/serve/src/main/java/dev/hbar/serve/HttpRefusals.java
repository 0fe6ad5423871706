package dev.hbar.serve;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hbar.serve.engine.ApiException;
import dev.hbar.serve.protocol.Endpoint;
import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.http.DirectHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Words what the web server refuses before a path is found, in the form of the path's protocol. */
final class HttpRefusals implements DirectHandler {
  private final Map<String, Endpoint> endpoints;

  private HttpRefusals(Map<String, Endpoint> endpoints) {
    this.endpoints = endpoints;
  }

  /** For every kind of refusal. */
  static DirectHandlers of(Map<String, Endpoint> endpoints) {
    DirectHandlers.Builder handlers = DirectHandlers.builder();
    HttpRefusals refusals = new HttpRefusals(endpoints);
    for (EventType type : EventType.values()) {
      handlers.addHandler(type, refusals);
    }
    return handlers.build();
  }

  @Override
  public TransportResponse handle(
      TransportRequest request,
      EventType type,
      Status status,
      ServerResponseHeaders headers,
      String message) {
    ApiException refused =
        ApiException.of(
            kind(status.code()),
            "the request is not one of HTTP/1.1 that this server takes: "
                + status.reasonPhrase()
                + (message == null ? "" : ", " + message));
    JsonNode body =
        endpoints.getOrDefault(request.path().split("\\?")[0], Exchange.OPENAI).error(refused);
    headers.set(HeaderNames.CONTENT_TYPE, "application/json");
    return TransportResponse.builder()
        .status(status)
        .headers(headers)
        .keepAlive(type.keepAlive())
        .entity(body.toString().getBytes(StandardCharsets.UTF_8))
        .build();
  }

  private static ApiException.Kind kind(int status) {
    return switch (status) {
      case 403 -> ApiException.Kind.FORBIDDEN;
      case 404 -> ApiException.Kind.NOT_FOUND;
      case 405 -> ApiException.Kind.METHOD;
      case 413 -> ApiException.Kind.TOO_LARGE;
      default -> status < 500 ? ApiException.Kind.INVALID : ApiException.Kind.FAILED;
    };
  }
}
