package dev.hbar.serve;

import dev.hbar.serve.engine.ApiException;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Who may ask: whoever carries a key, where there are keys; and never a web page of another origin,
 * which a browser on this machine would otherwise let in.
 */
final class Gate {
  private static final HeaderName X_API_KEY = HeaderNames.create("x-api-key");

  private final ServeSettings settings;

  Gate(ServeSettings settings) {
    this.settings = settings;
  }

  /**
   * Lets a request pass.
   *
   * @throws ApiException UNAUTHORIZED or FORBIDDEN
   */
  void require(ServerRequest request) {
    requireSameOrigin(request);
    if (settings.keys().isEmpty()) {
      return;
    }
    Optional<String> bearer =
        request
            .headers()
            .first(HeaderNames.AUTHORIZATION)
            .filter(value -> value.regionMatches(true, 0, "Bearer ", 0, 7))
            .map(value -> value.substring(7).strip());
    boolean known =
        Stream.concat(bearer.stream(), request.headers().first(X_API_KEY).stream())
            .anyMatch(this::isKey);
    if (!known) {
      throw ApiException.of(
          ApiException.Kind.UNAUTHORIZED,
          "a key is needed: send it as Authorization: Bearer KEY or x-api-key: KEY");
    }
  }

  /** In constant time for keys of one length. */
  private boolean isKey(String given) {
    byte[] bytes = given.getBytes(StandardCharsets.UTF_8);
    boolean known = false;
    for (String key : settings.keys()) {
      known |= MessageDigest.isEqual(bytes, key.getBytes(StandardCharsets.UTF_8));
    }
    return known;
  }

  private void requireSameOrigin(ServerRequest request) {
    String host = request.headers().first(HeaderNames.HOST).orElse("");
    if (ServeSettings.isLoopback(settings.host()) && !namesLoopback(host)) {
      throw ApiException.of(
          ApiException.Kind.FORBIDDEN,
          "this server answers as localhost only: Host must be localhost or 127.0.0.1");
    }
    Optional<String> origin = request.headers().first(HeaderNames.ORIGIN);
    if (origin
        .filter(from -> !from.equals("http://" + host) && !from.equals("https://" + host))
        .isPresent()) {
      throw ApiException.of(
          ApiException.Kind.FORBIDDEN, "web pages of other origins may not use this server");
    }
  }

  /** A page that calls itself by a name of its own could point that name here. */
  private static boolean namesLoopback(String host) {
    try {
      String name = URI.create("http://" + host).getHost();
      return name != null && ServeSettings.isLoopback(name.replaceAll("[\\[\\]]", ""));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
