package dev.hbar.model.hub;

import java.io.IOException;
import java.io.InputStream;
import java.net.Proxy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/**
 * GET requests to the hub. Redirects are followed here and not by the HTTP client, because the
 * token may only go to the hub itself: large files lie on another host.
 */
final class HubRequests implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration ANSWER = Duration.ofSeconds(30);
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[::1]", Pattern.CASE_INSENSITIVE);
  private static final String DISABLED_SCHEMES = "jdk.http.auth.tunneling.disabledSchemes";
  private static final int MAX_REDIRECTS = 10;
  private static final long POLL_MILLIS = 50;
  private static final String AGENT = "hbar; java/" + Runtime.version().feature();

  private final HttpClient client;
  private final HubSettings settings;
  private final PullWatch watch;

  HubRequests(HubSettings settings, PullWatch watch) {
    this.settings = settings;
    this.watch = watch;
    allowProxyPassword();
    this.client =
        HttpClient.newBuilder()
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .proxy(settings.proxy())
            .build();
  }

  /**
   * What came back.
   *
   * @param first the headers of the hub's own answer, before any redirect
   * @param response the last answer, of any status but a redirect; its body is to be closed
   */
  record Answer(HttpHeaders first, HttpResponse<InputStream> response) implements AutoCloseable {
    int status() {
      return response.statusCode();
    }

    Optional<String> header(String name) {
      return response.headers().firstValue(name);
    }

    InputStream body() {
      return response.body();
    }

    @Override
    public void close() throws IOException {
      response.body().close();
    }
  }

  /**
   * One GET, redirects followed.
   *
   * @throws IOException when no answer came; worth another try
   * @throws HubException for redirects that must not be followed
   */
  Answer get(URI uri, Map<String, String> headers) throws IOException {
    HttpResponse<InputStream> response = once(uri, headers);
    HttpHeaders first = response.headers();
    for (int hops = 0; isRedirect(response.statusCode()); hops++) {
      response.body().close();
      if (hops == MAX_REDIRECTS) {
        throw new HubException(
            "more than %s redirects, at %s: check HF_ENDPOINT"
                .formatted(MAX_REDIRECTS, settings.endpoint()));
      }
      response = once(target(response), headers);
    }
    return new Answer(first, response);
  }

  private HttpResponse<InputStream> once(URI uri, Map<String, String> headers) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri).timeout(ANSWER).header("User-Agent", AGENT);
    // The sizes that the hub lists are those of the plain bytes.
    request.header("Accept-Encoding", "identity");
    headers.forEach(request::header);
    proxyAuthorization(uri).ifPresent(value -> request.header("Proxy-Authorization", value));
    if (isHub(uri) && settings.token().isPresent()) {
      requireSecret(uri);
      request.header("Authorization", settings.token().get().header());
    }
    CompletableFuture<HttpResponse<InputStream>> answer =
        client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    try {
      return await(answer);
    } finally {
      // Does nothing to an answer that is here.
      answer.cancel(true);
    }
  }

  /** Java gives a proxy no password on the way to https, unless told to before its first client. */
  private void allowProxyPassword() {
    if (proxyAuthorization(settings.endpoint()).isPresent()
        && System.getProperty(DISABLED_SCHEMES) == null) {
      System.setProperty(DISABLED_SCHEMES, "");
    }
  }

  private Optional<String> proxyAuthorization(URI uri) {
    return settings.proxy() instanceof EnvironmentProxy proxy
        ? proxy.authorization(uri)
        : Optional.empty();
  }

  private HttpResponse<InputStream> await(CompletableFuture<HttpResponse<InputStream>> answer)
      throws IOException {
    while (true) {
      Pause.check(watch);
      try {
        return answer.get(POLL_MILLIS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException notYet) {
        // Look whether to stop, then wait on.
      } catch (InterruptedException wanted) {
        Thread.currentThread().interrupt();
        throw new Pause.Stopped();
      } catch (ExecutionException failed) {
        throw failed.getCause() instanceof IOException io ? io : new IOException(failed.getCause());
      }
    }
  }

  private static boolean isRedirect(int status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
  }

  private URI target(HttpResponse<InputStream> response) {
    try {
      String location = response.headers().firstValue("Location").orElse("");
      URI target = response.uri().resolve(location);
      boolean secure = "https".equals(target.getScheme());
      boolean plain =
          "http".equals(target.getScheme())
              && !"https".equals(response.uri().getScheme())
              && isThisMachine(target);
      if (!location.isEmpty() && target.getHost() != null && (secure || plain)) {
        return target;
      }
    } catch (IllegalArgumentException malformed) {
      // The same answer as for an address that must not be followed.
    }
    throw new HubException(
        "a redirect that leads nowhere safe, from %s: check HF_ENDPOINT"
            .formatted(response.uri().getHost()));
  }

  /** A token that is sent over plain HTTP is everybody's on the way, a proxy's included. */
  private void requireSecret(URI uri) {
    boolean direct =
        settings.proxy().select(uri).stream().allMatch(way -> way.type() == Proxy.Type.DIRECT);
    if (!"https".equals(uri.getScheme()) && !(isThisMachine(uri) && direct)) {
      throw new HubException(
          "the token is not sent over plain HTTP, to %s: use https in HF_ENDPOINT, or unset HF_TOKEN"
              .formatted(uri.getHost()));
    }
  }

  private static boolean isThisMachine(URI uri) {
    return LOOPBACK.matcher(String.valueOf(uri.getHost())).matches();
  }

  private boolean isHub(URI uri) {
    URI hub = settings.endpoint();
    return hub.getScheme().equals(uri.getScheme())
        && hub.getHost().equalsIgnoreCase(uri.getHost())
        && port(hub) == port(uri);
  }

  private static int port(URI uri) {
    if (uri.getPort() >= 0) {
      return uri.getPort();
    }
    return "https".equals(uri.getScheme()) ? 443 : 80;
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
