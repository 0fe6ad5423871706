package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What is no request of HTTP, and values that no client sends: refused in the form of the path's
 * protocol, never a failure of the server. {@code scripts/attack/serve} sends many more.
 */
class MalformedRequestsTest {
  private static final String[] PATHS = {"/v1/chat/completions", "/v1/messages"};

  private static RunningServer server;

  @BeforeAll
  static void start() {
    server = RunningServer.narrow(2, 2, 4000);
  }

  @AfterAll
  static void close() {
    if (server != null) {
      server.close();
    }
  }

  /** The first answer to bytes after which the client says no more. */
  private static String answer(String request) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", server.port())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.shutdownOutput();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String head(String path, String... headers) {
    return "POST " + path + " HTTP/1.1\r\n" + String.join("\r\n", headers) + "\r\n\r\n";
  }

  private static JsonNode error(String path, int status, String answer) throws IOException {
    assertTrue(answer.startsWith("HTTP/1.1 " + status), answer);
    JsonNode body = RunningServer.JSON.readTree(answer.substring(answer.indexOf("\r\n\r\n") + 4));
    assertEquals(path.equals("/v1/messages") ? "error" : "", body.path("type").asText());
    return body.get("error");
  }

  @Test
  void framingThatIsWrong_isRefusedInTheProtocolsForm() throws Exception {
    String[][] wrong = {
      {"Host: localhost", "Content-Length: ten"},
      {"Host: localhost", "Content-Length: -5"},
      {"Host: localhost", "Content-Length: 2", "Content-Length: 3"},
      {"Host: localhost", "Content-Length: 2", "Transfer-Encoding: chunked"},
      {"Host: localhost", "Transfer-Encoding: cow"},
      {"Host: localhost", "no colon"},
      {"Content-Length: 2"},
    };
    for (String path : PATHS) {
      for (String[] headers : wrong) {
        JsonNode error = error(path, 400, answer(head(path, headers) + "{}"));
        assertEquals("invalid_request_error", error.get("type").textValue());
        assertTrue(error.get("message").textValue().contains("HTTP/1.1"), error.toString());
      }
      JsonNode large =
          error(path, 413, answer(head(path, "Host: localhost", "Content-Length: 999999999")));
      assertTrue(large.get("type").textValue().endsWith("too_large") || path.equals(PATHS[0]));
    }
  }

  @Test
  void pathOrLineThatIsNone_isRefusedInTheFormOfOpenAi() throws Exception {
    for (String line : new String[] {"GET /%zz HTTP/1.1", "HELLO", "GET / HTTP/9.9", ""}) {
      error("", 400, answer(line + "\r\nHost: localhost\r\n\r\n"));
    }
    error("", 414, answer("GET /" + "a".repeat(100_000) + " HTTP/1.1\r\n\r\n"));
  }

  @Test
  void bodyThatEndsEarly_isTheRequestsFault() throws Exception {
    for (String path : PATHS) {
      String length = head(path, "Host: localhost", "Content-Length: 9");
      String chunks = head(path, "Host: localhost", "Transfer-Encoding: chunked");
      for (String request : new String[] {length + "{}", chunks + "9\r\n{}"}) {
        JsonNode error = error(path, 400, answer(request));
        assertTrue(error.get("message").textValue().startsWith("the body ends before"));
      }
    }
  }

  /** The client goes on listening: only the server's end of the connection ends its wait. */
  @Test
  void connectionThatShallBeClosed_endsBehindTheWholeAnswer() throws Exception {
    String ask = "{\"prompt\":[3,4],\"max_tokens\":2,\"stream\":%s}";
    String[][] requests = {
      {"POST /v1/completions", ask.formatted("false"), "HTTP/1.1 200", "}"},
      {"POST /v1/completions", ask.formatted("true"), "HTTP/1.1 200", "[DONE]\n\n\r\n0\r\n\r\n"},
      {"POST /v1/completions", "{\"prompt\":{}}", "HTTP/1.1 400", "}"},
      {"GET /health", "", "HTTP/1.1 200", "}"},
      {"GET /nothing", "", "HTTP/1.1 404", "}"},
    };
    for (String[] request : requests) {
      try (Socket socket = new Socket("127.0.0.1", server.port())) {
        socket.setSoTimeout(20_000);
        String head =
            "%s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: %s\r\n\r\n"
                .formatted(request[0], request[1].length());
        socket.getOutputStream().write((head + request[1]).getBytes(StandardCharsets.US_ASCII));
        byte[] all = socket.getInputStream().readAllBytes();
        String answer = new String(all, StandardCharsets.UTF_8);
        assertTrue(answer.startsWith(request[2]) && answer.endsWith(request[3]), answer);
      }
    }
  }

  @Test
  void clientThatResets_isNoFailureOfTheServer() throws Exception {
    String gone = "hbar_requests_total{path=\"/v1/score\",status=\"499\"}";
    for (int i = 0; i < 3; i++) {
      try (Socket socket = new Socket("127.0.0.1", server.port())) {
        String head = head("/v1/score", "Host: localhost", "Content-Length: 2000");
        socket.getOutputStream().write((head + "{").getBytes(StandardCharsets.US_ASCII));
        Thread.sleep(100);
        socket.setSoLinger(true, 0);
      }
    }
    for (int i = 0; i < 100 && server.metric(gone) < 3; i++) {
      Thread.sleep(50);
    }
    assertEquals(3, server.metric(gone));
  }

  @Test
  void valueThatIsMissingInside_isRefusedByItsPathOrPassedOver() throws Exception {
    String bare = "{'input': [{'role': 'user', 'content': 'x'}, {'role': 'user'}]}";
    String output = "{'input': [{'type': 'function_call_output', 'call_id': 'c'}]}";
    assertEquals("input[1].content", param(server.post("/v1/responses", bare).body()));
    assertEquals("input[0].output", param(server.post("/v1/responses", output).body()));
    String bias = "{'prompt': 'x', 'max_tokens': 1, 'logit_bias': {'1': null, '2': 3}}";
    assertEquals(200, server.post("/v1/completions", bias).statusCode());
  }

  private static String param(String body) throws IOException {
    return RunningServer.JSON.readTree(body).at("/error/param").textValue();
  }

  @Test
  void whatARequestHolds_isShownPrintable() throws Exception {
    String odd = "a\\u001b[31m\\u202e\\ud800\\u0000" + "b".repeat(3000);
    for (String body : new String[] {"{'model': 'ODD', 'max_tokens': 1}", "{'top_p': 'ODD'}"}) {
      String said = server.post("/v1/chat/completions", body.replace("ODD", odd)).body();
      String message = RunningServer.JSON.readTree(said).at("/error/message").textValue();
      assertFalse(message.codePoints().anyMatch(c -> c < 32 || c == 0x202e || c == 0xd800), said);
      assertTrue(message.length() < 300, said);
    }
  }
}
