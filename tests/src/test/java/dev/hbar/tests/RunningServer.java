package dev.hbar.tests;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hbar.monitor.detect.Detector;
import dev.hbar.monitor.generation.GenerationModel;
import dev.hbar.monitor.risk.HaltPolicy;
import dev.hbar.monitor.risk.RiskRule;
import dev.hbar.serve.HbarServer;
import dev.hbar.serve.ServeSettings;
import dev.hbar.serve.engine.ModelPool;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A server on the real checkpoint with its shipped detector, and a client of it. */
final class RunningServer implements AutoCloseable {
  static final ObjectMapper JSON = new ObjectMapper();
  static final String MODEL = "SmolLM2-135M-Instruct-4bit";

  private final HbarServer server;
  private final HttpClient client = HttpClient.newHttpClient();

  private RunningServer(ServeSettings settings, boolean watched) {
    this.server = new HbarServer(settings, source(watched));
  }

  /** Without limits that a test could reach, with the detector. */
  static RunningServer watched() {
    return new RunningServer(
        ServeSettings.local(0, List.of(RealCheckpoint.folder().toString())), true);
  }

  /** With few places, small bodies, and keys if any are given; nothing calibrated. */
  static RunningServer narrow(int running, int waiting, long bodyBytes, String... keys) {
    List<String> checkpoints = List.of(RealCheckpoint.folder().toString());
    return new RunningServer(
        new ServeSettings(
            "127.0.0.1",
            0,
            checkpoints,
            Set.of(keys),
            running,
            waiting,
            bodyBytes,
            Optional.empty()),
        false);
  }

  /** On another checkpoint, without limits that a test could reach; nothing calibrated. */
  static RunningServer of(Path checkpoint) {
    return new RunningServer(ServeSettings.local(0, List.of(checkpoint.toString())), false);
  }

  /** Keeps what prompts have computed in a folder. */
  static RunningServer keeping(Path folder) {
    List<String> checkpoints = List.of(RealCheckpoint.folder().toString());
    ServeSettings local = ServeSettings.local(0, checkpoints);
    return new RunningServer(
        new ServeSettings(
            local.host(),
            0,
            checkpoints,
            Set.of(),
            local.running(),
            local.waiting(),
            local.bodyBytes(),
            Optional.empty(),
            Set.of(MODEL),
            Optional.of(new ServeSettings.Prefixes(folder, 1L << 30))),
        false);
  }

  private static ModelPool.Source source(boolean watched) {
    Path detector =
        Path.of(
            System.getProperty("hbar.root"),
            "calibrated_params/detectors/SmolLM2-135M-Instruct-4bit-dialogue");
    RiskRule rule =
        watched ? new RiskRule.OnDetector(Detector.read(detector)) : HaltPolicy.FLAGGING.rule();
    return new ModelPool.Source() {
      @Override
      public GenerationModel open(String checkpoint) {
        return GenerationModel.open(checkpoint);
      }

      @Override
      public HaltPolicy policy(GenerationModel model) {
        return new HaltPolicy(rule, 0.5, 1, false);
      }
    };
  }

  int port() {
    return server.port();
  }

  String url() {
    return "http://localhost:" + server.port();
  }

  /** Sends a request whose method and headers are the test's. */
  HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
    return client.send(
        request.timeout(Duration.ofSeconds(100)).build(),
        HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(url() + path));
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(request(path).GET());
  }

  /** Posts JSON, whose quotes may be single ones. */
  HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
    return send(request(path).POST(HttpRequest.BodyPublishers.ofString(body.replace('\'', '"'))));
  }

  /** The body of an answer with status 200. */
  JsonNode ask(String path, String body) throws IOException, InterruptedException {
    HttpResponse<String> response = post(path, body);
    if (response.statusCode() != 200) {
      throw new AssertionError(response.statusCode() + ": " + response.body());
    }
    return JSON.readTree(response.body());
  }

  /** The data of every event of a stream, its last [DONE] excepted. */
  List<JsonNode> events(String path, String body) throws IOException, InterruptedException {
    List<JsonNode> events = new ArrayList<>();
    for (String line : post(path, body).body().lines().toList()) {
      if (line.startsWith("data: ") && !line.equals("data: [DONE]")) {
        events.add(JSON.readTree(line.substring(6)));
      }
    }
    return events;
  }

  /** Opens a connection, sends a request as it stands, and leaves the rest to the test. */
  Socket connect(String path, String host, String body) throws IOException {
    Socket socket = new Socket("127.0.0.1", server.port());
    byte[] bytes = body.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    String head =
        "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Length: %s\r\n\r\n"
            .formatted(path, host, bytes.length);
    socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
    return socket;
  }

  /** A value of /metrics; 0 for one that is not there. */
  double metric(String series) throws IOException, InterruptedException {
    return get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(series + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
        .findFirst()
        .orElse(0);
  }

  @Override
  public void close() {
    server.close();
    client.close();
  }
}
