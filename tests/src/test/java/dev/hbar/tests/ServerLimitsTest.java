package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who is refused and how it is said, and clients that do not stay. */
class ServerLimitsTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final String KEY = "correct horse";

  /** Goes on until somebody ends it: the end of the text is forbidden. */
  private static final String ENDLESS =
      "{'prompt': 'Once', 'max_tokens': 2000, 'stream': true, 'logit_bias': {'0': -100, '2': -100}}";

  private static RunningServer open;
  private static RunningServer locked;

  @BeforeAll
  static void start() {
    open = RunningServer.narrow(1, 1, 4000);
    locked = RunningServer.narrow(1, 1, 4000, KEY);
  }

  @AfterAll
  static void close() {
    if (open != null) {
      open.close();
      locked.close();
    }
  }

  private static void assertRefused(int status, String type, HttpResponse<String> response)
      throws Exception {
    assertEquals(status, response.statusCode(), response.body());
    JsonNode error = RunningServer.JSON.readTree(response.body()).get("error");
    assertEquals(type, error.get("type").textValue());
    assertTrue(error.get("message").textValue().length() > 10, response.body());
  }

  private static HttpRequest.Builder question(RunningServer server, String path) {
    return server
        .request(path)
        .POST(HttpRequest.BodyPublishers.ofString("{\"text\": \"x\", \"prompt\": \"x\"}"));
  }

  @Test
  void keyThatIsMissingOrWrong_isRefusedOnEveryPathThatAnswers() throws Exception {
    for (String path : new String[] {CHAT, "/v1/completions", "/v1/tokenize"}) {
      assertRefused(401, "authentication_error", locked.send(question(locked, path)));
    }
    for (String header : new String[] {"Bearer wrong", "Bearer ", KEY, "Basic " + KEY}) {
      assertRefused(
          401,
          "authentication_error",
          locked.send(question(locked, "/v1/tokenize").header("Authorization", header)));
    }
    assertEquals(401, locked.get("/v1/models").statusCode());
    JsonNode anthropic =
        RunningServer.JSON.readTree(locked.send(question(locked, "/v1/messages")).body());
    assertEquals("error", anthropic.get("type").textValue());
    assertEquals(200, locked.get("/health").statusCode());
  }

  @Test
  void knownKey_passesInEitherHeader() throws Exception {
    for (String[] header :
        new String[][] {{"Authorization", "Bearer " + KEY}, {"x-api-key", KEY}}) {
      HttpResponse<String> response =
          locked.send(question(locked, "/v1/tokenize").header(header[0], header[1]));

      assertEquals(200, response.statusCode(), response.body());
    }
  }

  @Test
  void pageOfAnotherOriginOrName_isRefused() throws Exception {
    assertRefused(
        403,
        "invalid_request_error",
        open.send(question(open, "/v1/tokenize").header("Origin", "http://localhost:1")));
    assertEquals(
        200, open.send(question(open, "/v1/tokenize").header("Origin", open.url())).statusCode());
    for (String host :
        new String[] {"rebound.example", "localhost.example:80", "127.0.0.1.example"}) {
      assertEquals("HTTP/1.1 403 Forbidden", firstLine("/v1/tokenize", host), host);
    }
    for (String host : new String[] {"localhost", "127.0.0.1:1", "[::1]:8080"}) {
      assertEquals("HTTP/1.1 200 OK", firstLine("/v1/tokenize", host), host);
    }
  }

  private static String firstLine(String path, String host) throws Exception {
    try (Socket socket = open.connect(path, host, "{'text': 'x'}")) {
      return new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
          .readLine();
    }
  }

  @Test
  void conversationThatTheTemplateRefuses_isTheRequestsFaultAndNamesNoFolder() throws Exception {
    HttpRequest.Builder empty =
        open.request("/v1/responses").POST(HttpRequest.BodyPublishers.ofString("{\"input\": []}"));
    HttpResponse<String> response = open.send(empty);
    assertRefused(400, "invalid_request_error", response);
    assertTrue(response.body().contains("the chat template: "), response.body());
    assertFalse(response.body().contains("tokenizer_config"), response.body());
  }

  @Test
  void bodyAtTheLimit_passesAndOneByteMoreIsRefused() throws Exception {
    String text = "{\"text\": \"" + "a".repeat(4000 - 12) + "\"}";
    assertEquals(4000, text.length());
    assertEquals(200, open.post("/v1/tokenize", text).statusCode());
    assertEquals(413, open.post("/v1/tokenize", text + " ").statusCode());
  }

  @Test
  void wrongMethodPathOrBody_isRefusedInTheProtocolsForm() throws Exception {
    HttpResponse<String> wrong = open.get(CHAT);
    assertRefused(405, "invalid_request_error", wrong);
    assertEquals("POST", wrong.headers().firstValue("Allow").orElse(""));
    assertRefused(404, "invalid_request_error", open.get("/v1/nothing"));
    for (String body : new String[] {"", "[]", "{", "{} {}", "{'a': 1, 'a': 2}", "\u0000"}) {
      assertRefused(400, "invalid_request_error", open.post(CHAT, body));
    }
    assertRefused(404, "invalid_request_error", open.post(CHAT, "{'model': 'other'}"));
    assertEquals(
        "not_found_error",
        RunningServer.JSON
            .readTree(open.post("/v1/messages", "{'model': 'x', 'max_tokens': 1}").body())
            .at("/error/type")
            .textValue());
  }

  @Test
  void fieldThatDoesNotFit_isNamed() throws Exception {
    String[][] wrong = {
      {"'messages': []", "messages"},
      {"'messages': [{'role': 'user', 'content': 5}]", "messages[0].content"},
      {"'messages': [{'content': 'x'}]", "messages[0].role"},
      {"'temperature': -0.1", "temperature"},
      {"'top_p': 1.5", "top_p"},
      {"'max_tokens': 0", "max_tokens"},
      {"'n': 129", "n"},
      {"'stop': ['']", "stop"},
      {"'seed': 1.5", "seed"},
      {"'top_logprobs': 3", "top_logprobs"},
      {"'logit_bias': {'x': 1}", "logit_bias.x"},
      {"'uncertainty': {'policy': 'guess'}", "uncertainty.policy"},
      {"'uncertainty': {'policy': 'stop'}", "uncertainty.policy"},
      {"'stream': 'yes'", "stream"},
    };
    for (String[] each : wrong) {
      String body = "{'messages': [{'role': 'user', 'content': 'x'}], " + each[0] + "}";
      if (each[0].startsWith("'messages'")) {
        body = "{" + each[0] + "}";
      }
      HttpResponse<String> response = open.post(CHAT, body);
      assertRefused(400, "invalid_request_error", response);
      JsonNode error = RunningServer.JSON.readTree(response.body()).get("error");
      assertEquals(each[1], error.get("param").textValue(), each[0]);
    }
  }

  @Test
  void queueThatIsFull_refusesTheNextAndAnswersThoseInIt() throws Exception {
    Socket running = open.connect("/v1/completions", "localhost", ENDLESS);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      awaitMetric("hbar_requests_running", 1);
      Future<Integer> waiting =
          threads.submit(() -> open.post("/v1/tokenize", "{'text': 'x'}").statusCode());
      awaitMetric("hbar_requests_waiting", 1);
      HttpResponse<String> refused = open.post("/v1/tokenize", "{'text': 'x'}");
      assertRefused(429, "rate_limit_error", refused);
      assertEquals("1", refused.headers().firstValue("Retry-After").orElse(""));
      running.close();
      assertEquals(200, waiting.get());
    }
    awaitMetric("hbar_requests_running", 0);
  }

  @Test
  void clientThatVanishes_freesItsPlace() throws Exception {
    String gone = "hbar_requests_total{path=\"/v1/completions\",status=\"499\"}";
    double before = open.metric(gone);
    for (int i = 0; i < 3; i++) {
      try (Socket socket = open.connect("/v1/completions", "localhost", ENDLESS)) {
        byte[] some = socket.getInputStream().readNBytes(300);
        assertTrue(new String(some, StandardCharsets.UTF_8).contains("data: {"));
      }
      awaitMetric("hbar_requests_running", 0);
      awaitMetric(gone, before + i + 1);
    }
    awaitMetric(gone, before + 3);
    assertEquals(
        2,
        open.ask("/v1/completions", "{'prompt': 'A', 'max_tokens': 2, 'logit_bias': {'2': -100}}")
            .at("/usage/completion_tokens")
            .intValue());
  }

  @Test
  void serverClosedWhileBusy_endsTheStreamAndFreesThePort() throws Exception {
    RunningServer closing = RunningServer.narrow(2, 0, 4000);
    int port = closing.port();
    try (Socket socket = closing.connect("/v1/completions", "localhost", ENDLESS)) {
      socket.setSoTimeout((int) Duration.ofSeconds(60).toMillis());
      assertTrue(socket.getInputStream().readNBytes(300).length == 300);
      closing.close();
      byte[] rest = socket.getInputStream().readAllBytes();
      assertTrue(rest.length < 2_000_000, rest.length + " bytes");
    } finally {
      closing.close();
    }
    try (ServerSocket again = new ServerSocket()) {
      again.setReuseAddress(true);
      again.bind(new InetSocketAddress("127.0.0.1", port));
    }
  }

  @Test
  void pathsOfTheServerItself_answerWithoutAModel() throws Exception {
    assertEquals(
        "ok", RunningServer.JSON.readTree(open.get("/health").body()).at("/status").asText());
    awaitReady();
    JsonNode models = RunningServer.JSON.readTree(open.get("/v1/models").body());
    assertEquals(RunningServer.MODEL, models.at("/data/0/id").textValue());
    assertEquals(200, open.get("/v1/models/" + RunningServer.MODEL).statusCode());
    assertEquals(404, open.get("/v1/models/other").statusCode());
    String metrics = open.get("/metrics").body();
    for (String name : Arrays.asList("hbar_requests_running", "hbar_mlx_active_bytes")) {
      assertTrue(metrics.contains("# TYPE " + name + " gauge\n"), metrics);
    }
  }

  private static void awaitReady() throws Exception {
    for (int i = 0; i < 600 && open.get("/ready").statusCode() != 200; i++) {
      Thread.sleep(100);
    }
    assertEquals(200, open.get("/ready").statusCode());
  }

  private static void awaitMetric(String name, double value) throws Exception {
    for (int i = 0; i < 600 && open.metric(name) != value; i++) {
      Thread.sleep(50);
    }
    assertEquals(value, open.metric(name), name);
  }
}
