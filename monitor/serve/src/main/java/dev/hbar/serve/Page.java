package dev.hbar.serve;

import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;

/** The files that come with the server: its page and the description of its paths. */
final class Page {
  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "json", "application/json",
          "svg", "image/svg+xml");

  private static final Map<String, String> FILES = Map.of("/openapi.json", "openapi.json");

  /** The page runs its own code only, and nothing else may show it inside itself. */
  private static final String POLICY =
      "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'";

  private Page() {}

  static void route(HttpRouting.Builder routing) {
    FILES.forEach((path, file) -> routing.get(path, (request, response) -> send(response, file)));
  }

  private static void send(ServerResponse response, String file) {
    response.header("Content-Type", TYPES.get(file.substring(file.lastIndexOf('.') + 1)));
    response.header("Content-Security-Policy", POLICY).header("Cache-Control", "no-cache");
    response.header("X-Content-Type-Options", "nosniff");
    try (InputStream in = Page.class.getResourceAsStream(file)) {
      response.send(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
