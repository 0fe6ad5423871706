package dev.hbar.serve;

import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
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

  /** What makes up the page; it is served as it stands here, below {@code /page/}. */
  private static final List<String> PARTS =
      List.of(
          "icon.svg",
          "page.css",
          "answer.css",
          "theme.js",
          "main.js",
          "answer.js",
          "api.js",
          "card.js",
          "charts.js",
          "dom.js",
          "export.js",
          "markdown.js",
          "panel.js",
          "rendering.js",
          "settings.js",
          "signals.js",
          "view.js");

  /** The page runs its own code only, and nothing else may show it inside itself. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
          + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private Page() {}

  static void route(HttpRouting.Builder routing) {
    file(routing, "/openapi.json", "openapi.json");
    file(routing, "/", "page/index.html");
    PARTS.forEach(part -> file(routing, "/page/" + part, "page/" + part));
  }

  private static void file(HttpRouting.Builder routing, String path, String file) {
    routing.get(path, (request, response) -> send(response, file));
  }

  private static void send(ServerResponse response, String file) {
    response.header("Content-Type", TYPES.get(file.substring(file.lastIndexOf('.') + 1)));
    response.header("Content-Security-Policy", POLICY).header("Cache-Control", "no-cache");
    response.header("X-Content-Type-Options", "nosniff").header("Referrer-Policy", "no-referrer");
    try (InputStream in = Page.class.getResourceAsStream(file)) {
      response.send(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
