package dev.hbar.model.hub;

import com.sun.net.httpserver.HttpExchange;
import dev.hbar.model.hub.HubServer.Fault;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** What a server may do to a client. */
public final class Faults {
  private Faults() {}

  /** Sends so many bytes of what was asked for and closes the connection. */
  public static Fault cutAfter(int bytes) {
    return (exchange, file) -> {
      int from = begin(exchange, file, file.sent().length, true);
      OutputStream body = exchange.getResponseBody();
      body.write(file.sent(), from, Math.min(bytes, file.sent().length - from));
      body.flush();
      return true;
    };
  }

  /** The same under a weak etag, which says that the bytes may be others the next time. */
  static Fault weaklyTaggedAndCutAfter(int bytes) {
    return (exchange, file) -> {
      exchange.getResponseHeaders().set("ETag", "W/\"" + file.etag() + '"');
      exchange.sendResponseHeaders(200, file.sent().length);
      exchange.getResponseBody().write(file.sent(), 0, bytes);
      exchange.getResponseBody().flush();
      return true;
    };
  }

  /** Sends so many bytes and then nothing more, the connection left open. */
  static Fault silentAfter(int bytes, long millis) {
    return (exchange, file) -> {
      int from = begin(exchange, file, file.sent().length, true);
      OutputStream body = exchange.getResponseBody();
      body.write(file.sent(), from, Math.min(bytes, file.sent().length - from));
      body.flush();
      sleep(millis);
      return true;
    };
  }

  /** Sends one piece after the other with a pause in between. */
  public static Fault slowly(int pieceBytes, long pauseMillis) {
    return (exchange, file) -> {
      byte[] sent = file.sent();
      for (int at = begin(exchange, file, sent.length, true); at < sent.length; at += pieceBytes) {
        OutputStream body = exchange.getResponseBody();
        body.write(sent, at, Math.min(pieceBytes, sent.length - at));
        body.flush();
        sleep(pauseMillis);
      }
      return true;
    };
  }

  /** The whole file with status 200, whatever range was asked for. */
  static Fault wholeFile() {
    return (exchange, file) -> {
      begin(exchange, file, file.sent().length, false);
      exchange.getResponseBody().write(file.sent());
      return true;
    };
  }

  /** Another content of the same size, with an etag of its own. */
  static Fault altered() {
    return (exchange, file) -> {
      byte[] other = file.sent().clone();
      other[other.length / 2] ^= 1;
      send(exchange, file.sending(other));
      return true;
    };
  }

  /** A content of another size than the listing says. */
  static Fault ofSize(int bytes) {
    return (exchange, file) -> {
      send(exchange, file.sending(new byte[bytes]));
      return true;
    };
  }

  /** Bytes without an announced length, more than listed. */
  static Fault endless() {
    return (exchange, file) -> {
      exchange.sendResponseHeaders(200, 0);
      for (int i = 0; i < 100; i++) {
        exchange.getResponseBody().write(new byte[file.sent().length]);
      }
      return true;
    };
  }

  /** A status with headers, name and value in turn. */
  public static Fault status(int status, String... headers) {
    return (exchange, file) -> {
      for (int i = 0; i < headers.length; i += 2) {
        exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
      }
      text(exchange, status, "refused");
      return true;
    };
  }

  /** That answer to everybody who does not show the token. */
  public static Fault unlessToken(Fault refusal) {
    return (exchange, file) -> {
      boolean allowed =
          HubServer.header(exchange, "Authorization").equals("Bearer " + HubServer.TOKEN);
      return !allowed && refusal.answer(exchange, file);
    };
  }

  /** The first half of an answer and then nothing more, the connection left open. */
  static Fault silentJson(long millis) {
    return (exchange, file) -> {
      exchange.sendResponseHeaders(200, 100);
      exchange.getResponseBody().write("{\"sha\":".getBytes(StandardCharsets.UTF_8));
      exchange.getResponseBody().flush();
      sleep(millis);
      return true;
    };
  }

  private static void sleep(long millis) {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }

  /** A body of the API. */
  static Fault json(String body) {
    return (exchange, file) -> {
      text(exchange, 200, body);
      return true;
    };
  }

  static void text(HttpExchange exchange, int status, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(status, -1);
      return;
    }
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  /** The file as a good server sends it: ranges are kept, If-Range is heeded. */
  static void send(HttpExchange exchange, ServedFile file) throws IOException {
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().set("ETag", '"' + file.etag() + '"');
      exchange.getResponseHeaders().set("Content-Length", String.valueOf(file.sent().length));
      exchange.sendResponseHeaders(200, -1);
      return;
    }
    int from = begin(exchange, file, file.sent().length, true);
    exchange.getResponseBody().write(file.sent(), from, file.sent().length - from);
  }

  /** Sends status and headers; returns where the body begins. */
  private static int begin(HttpExchange exchange, ServedFile file, int length, boolean ranges)
      throws IOException {
    String etag = '"' + file.etag() + '"';
    exchange.getResponseHeaders().set("ETag", etag);
    String range = HubServer.header(exchange, "Range");
    String condition = HubServer.header(exchange, "If-Range");
    boolean partial = ranges && !range.isEmpty() && (condition.isEmpty() || condition.equals(etag));
    if (!partial) {
      exchange.sendResponseHeaders(200, length == 0 ? -1 : length);
      return 0;
    }
    int from = Integer.parseInt(range.replaceAll("bytes=(\\d+)-.*", "$1"));
    exchange
        .getResponseHeaders()
        .set("Content-Range", "bytes %d-%d/%d".formatted(from, length - 1, length));
    exchange.sendResponseHeaders(206, length - from);
    return from;
  }
}
