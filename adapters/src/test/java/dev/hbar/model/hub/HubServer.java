package dev.hbar.model.hub;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A Hugging Face hub on loopback with one model, {@code org/model}, over real sockets. Large files
 * lie on a second port, as on the real hub, to which it redirects. Faults are queued, one for each
 * request of a body or of the API.
 */
public final class HubServer implements AutoCloseable {
  public static final String MODEL = "org/model";
  public static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
  public static final String TOKEN = "hf_secretOfTheTest";

  private static final String SIGNATURE = "?X-Amz-Signature=signed";
  private final HttpServer hub;
  private final HttpServer storage;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<String, ServedFile> files = new LinkedHashMap<>();
  private final List<Request> requests = Collections.synchronizedList(new ArrayList<>());
  private final Deque<Fault> bodyFaults = new ArrayDeque<>();
  private final Deque<Fault> apiFaults = new ArrayDeque<>();
  private Optional<Fault> everyBody = Optional.empty();
  private Optional<Fault> gate = Optional.empty();
  private int pageSize = Integer.MAX_VALUE;

  /**
   * What came in.
   *
   * @param onHub false on the storage port
   * @param range the header, or empty
   * @param condition the If-Range header, or empty
   * @param authorization the header, or empty
   * @param proxyAuthorization the header, or empty
   */
  public record Request(
      boolean onHub,
      String method,
      String path,
      String range,
      String condition,
      String authorization,
      String proxyAuthorization) {}

  /** Answers instead of the file; false when the usual answer shall follow. */
  @FunctionalInterface
  public interface Fault {
    boolean answer(HttpExchange exchange, ServedFile file) throws IOException;
  }

  private HubServer(HttpServer hub, HttpServer storage) {
    this.hub = hub;
    this.storage = storage;
  }

  public static HubServer start() throws IOException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    HubServer server =
        new HubServer(
            HttpServer.create(new InetSocketAddress(loopback, 0), 0),
            HttpServer.create(new InetSocketAddress(loopback, 0), 0));
    server.hub.createContext(
        "/api/models/" + MODEL + "/revision/", server.logged(true, server::revision));
    server.hub.createContext("/api/models/" + MODEL + "/tree/", server.logged(true, server::tree));
    server.hub.createContext("/" + MODEL + "/resolve/", server.logged(true, server::resolve));
    server.hub.createContext("/", server.logged(true, server::noModel));
    server.storage.createContext("/", server.logged(false, server::stored));
    for (HttpServer each : List.of(server.hub, server.storage)) {
      each.setExecutor(server.threads);
      each.start();
    }
    return server;
  }

  public String endpoint() {
    return address(hub);
  }

  private static String address(HttpServer server) {
    return "http://localhost:" + server.getAddress().getPort();
  }

  /** A file that goes by git's hash and comes from the hub itself. */
  public HubServer small(String path, byte[] content) {
    return put(ServedFile.small(path, content));
  }

  public HubServer small(String path, String content) {
    return small(path, content.getBytes(StandardCharsets.UTF_8));
  }

  /** A file that goes by its sha256 and lies on the storage port. */
  public HubServer large(String path, byte[] content) {
    return put(ServedFile.large(path, content));
  }

  HubServer put(ServedFile file) {
    files.put(file.path(), file);
    return this;
  }

  ServedFile file(String path) {
    return files.get(path);
  }

  /** For the next requests of a body, one each. */
  public HubServer faults(Fault... next) {
    bodyFaults.addAll(List.of(next));
    return this;
  }

  /** For all requests of a body that no queued fault answers. */
  public HubServer always(Fault fault) {
    everyBody = Optional.of(fault);
    return this;
  }

  /** On the hub itself, before every file. */
  public HubServer gate(Fault refusal) {
    gate = Optional.of(refusal);
    return this;
  }

  /** For the next requests of the API, one each; the file given to them is a stand-in. */
  public HubServer apiFaults(Fault... next) {
    apiFaults.addAll(List.of(next));
    return this;
  }

  /** Lists so many files on a page. */
  HubServer pages(int size) {
    pageSize = size;
    return this;
  }

  public List<Request> requests() {
    return List.copyOf(requests);
  }

  public void forget() {
    requests.clear();
  }

  /** Requests of bodies that came from their final place. */
  public List<Request> bodies() {
    return requests().stream()
        .filter(request -> request.method().equals("GET"))
        .filter(
            request ->
                !request.onHub()
                    || (request.path().contains("/resolve/")
                        && !files.get(name(request.path())).isLarge()))
        .toList();
  }

  private static String name(String path) {
    return path.substring(path.indexOf(COMMIT) + COMMIT.length() + 1);
  }

  @FunctionalInterface
  private interface Handler {
    void handle(HttpExchange exchange) throws IOException;
  }

  private com.sun.net.httpserver.HttpHandler logged(boolean onHub, Handler handler) {
    return exchange -> {
      requests.add(
          new Request(
              onHub,
              exchange.getRequestMethod(),
              exchange.getRequestURI().getPath(),
              header(exchange, "Range"),
              header(exchange, "If-Range"),
              header(exchange, "Authorization"),
              header(exchange, "Proxy-Authorization")));
      try (exchange) {
        handler.handle(exchange);
      }
    };
  }

  static String header(HttpExchange exchange, String name) {
    return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name)).orElse("");
  }

  private void revision(HttpExchange exchange) throws IOException {
    if (!answered(apiFaults, exchange, ServedFile.small("none", new byte[0]))) {
      Faults.text(exchange, 200, "{\"id\":\"%s\",\"sha\":\"%s\"}".formatted(MODEL, COMMIT));
    }
  }

  private void tree(HttpExchange exchange) throws IOException {
    if (answered(apiFaults, exchange, ServedFile.small("none", new byte[0]))) {
      return;
    }
    String query = String.valueOf(exchange.getRequestURI().getQuery());
    int from = query.contains("cursor=") ? Integer.parseInt(query.replaceAll(".*cursor=", "")) : 0;
    List<ServedFile> all = List.copyOf(files.values());
    int to = (int) Math.min(all.size(), (long) from + pageSize);
    if (to < all.size()) {
      URI here = exchange.getRequestURI();
      exchange
          .getResponseHeaders()
          .set(
              "Link",
              "<%s%s?recursive=true&cursor=%d>; rel=\"next\""
                  .formatted(endpoint(), here.getPath(), to));
    }
    List<String> entries = all.subList(from, to).stream().map(ServedFile::json).toList();
    Faults.text(exchange, 200, "[" + String.join(",", entries) + "]");
  }

  private void resolve(HttpExchange exchange) throws IOException {
    ServedFile file = files.get(name(exchange.getRequestURI().getPath()));
    if (file == null) {
      exchange.getResponseHeaders().set("X-Error-Code", "EntryNotFound");
      Faults.text(exchange, 404, "Entry not found");
      return;
    }
    if (gate.isPresent() && gate.get().answer(exchange, file)) {
      return;
    }
    exchange.getResponseHeaders().set("X-Repo-Commit", COMMIT);
    if (file.isLarge()) {
      exchange.getResponseHeaders().set("X-Linked-Etag", '"' + file.listedHash() + '"');
      exchange.getResponseHeaders().set("X-Linked-Size", String.valueOf(file.listedSize()));
      exchange.getResponseHeaders().set("ETag", '"' + file.listedHash() + '"');
      exchange
          .getResponseHeaders()
          .set("Location", address(storage) + "/" + file.path() + SIGNATURE);
      exchange.sendResponseHeaders(302, -1);
    } else if (!answered(bodyFaults, exchange, file)) {
      Faults.send(exchange, file);
    }
  }

  private void stored(HttpExchange exchange) throws IOException {
    ServedFile file = files.get(exchange.getRequestURI().getPath().substring(1));
    if (!answered(bodyFaults, exchange, file)) {
      Faults.send(exchange, file);
    }
  }

  private void noModel(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().set("X-Error-Code", "RepoNotFound");
    Faults.text(exchange, 401, "Repository not found");
  }

  private boolean answered(Deque<Fault> queue, HttpExchange exchange, ServedFile file)
      throws IOException {
    Fault next;
    synchronized (queue) {
      next = queue.poll();
    }
    if (next == null && queue == bodyFaults) {
      next = everyBody.orElse(null);
    }
    return next != null && next.answer(exchange, file);
  }

  static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  @Override
  public void close() {
    hub.stop(0);
    storage.stop(0);
    threads.shutdownNow();
  }
}
