package dev.hbar.tests;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hbar.mlx.NativeTest;
import dev.hbar.model.hub.Faults;
import dev.hbar.model.hub.HubServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code hbar pull} as a process, from a hub on loopback. */
@NativeTest
class PullProgramTest {
  private static final int SIZE = 3_000_000;
  private static final int TIMEOUT_SECONDS = 60;

  @TempDir Path folder;
  private HubServer server;
  private Map<String, String> environment;

  @BeforeEach
  void start() throws IOException {
    server = HubServer.start();
    environment = new HashMap<>();
    environment.put("HF_HOME", folder.resolve("home").toString());
    environment.put("HF_ENDPOINT", server.endpoint());
    // Variables of the machine that runs the tests must not matter.
    for (String variable : List.of("HF_HUB_CACHE", "HF_TOKEN", "HF_TOKEN_PATH", "HF_HUB_OFFLINE")) {
      environment.put(variable, "");
    }
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private ProgramRun hbar(String... arguments) throws Exception {
    return ProgramRun.of(folder, "", environment, arguments);
  }

  private void serve(Path checkpoint) throws IOException {
    try (Stream<Path> files = Files.list(checkpoint)) {
      for (Path file : files.toList()) {
        byte[] content = Files.readAllBytes(file);
        String name = file.getFileName().toString();
        if (name.endsWith(".json")) {
          server.small(name, content);
        } else {
          server.large(name, content);
        }
      }
    }
  }

  @Test
  void pulledCheckpoint_isInspectedAndRunsOffline() throws Exception {
    serve(RealCheckpoint.folder());
    ProgramRun pulled = hbar("pull", HubServer.MODEL);
    assertEquals(0, pulled.code(), pulled.err());
    assertTrue(pulled.out().startsWith("org/model@main is in "), pulled.out());
    assertTrue(pulled.err().contains("pull: model.safetensors ("), pulled.err());

    server.close();
    environment.put("HF_HUB_OFFLINE", "1");
    ProgramRun inspected = hbar("inspect", HubServer.MODEL);
    assertEquals(0, inspected.code(), inspected.err());
    ProgramRun generated =
        hbar("generate", HubServer.MODEL, "--chat", "--prompt", "What is the capital of France?");
    assertEquals(0, generated.code(), generated.err());
    assertEquals("The capital of France is Paris.\n", generated.out());
  }

  @Test
  void json_namesTheSnapshotAndEveryFile() throws Exception {
    serve(Fixture.named("plain_float32").folder());
    ProgramRun pulled = hbar("pull", HubServer.MODEL, "--json", "-v");
    assertEquals(0, pulled.code(), pulled.err());
    JsonNode json = new ObjectMapper().readTree(pulled.out());
    assertEquals(HubServer.COMMIT, json.get("commit").asText());
    Path snapshot = Path.of(json.get("snapshot").asText());
    for (JsonNode file : json.get("files")) {
      Path path = snapshot.resolve(file.get("path").asText());
      assertEquals(Files.size(path), file.get("bytes").asLong());
      assertEquals(Files.size(path), file.get("received_bytes").asLong());
    }
    assertFalse(json.get("files").isEmpty());
  }

  @Test
  void killedPull_goesOnAndTransfersNothingTwice() throws Exception {
    byte[] weights = new byte[SIZE];
    new Random(3).nextBytes(weights);
    server.small("config.json", "{}").large("model.safetensors", weights);
    server.always(Faults.slowly(100_000, 100));
    Process process = started();
    awaitPartial(500_000);
    process.destroyForcibly();
    assertEquals(128 + 9, process.waitFor());
    long kept = partialSize();
    assertTrue(kept >= 500_000 && kept < SIZE, "kept " + kept);
    assertFalse(Files.exists(model().resolve("refs/main")), "a ref before the whole is here");

    server.always((exchange, file) -> false);
    server.forget();
    ProgramRun resumed = hbar("pull", HubServer.MODEL, "--json");
    assertEquals(0, resumed.code(), resumed.err());
    assertEquals(List.of("bytes=" + kept + "-"), ranges());
    JsonNode json = new ObjectMapper().readTree(resumed.out());
    assertEquals(SIZE - kept, json.get("received_bytes").asLong());
  }

  @Test
  void interruptedPull_exitsWith130AndGoesOn() throws Exception {
    server.large("model.safetensors", new byte[SIZE]).always(Faults.slowly(100_000, 100));
    Process process = started();
    awaitPartial(300_000);
    new ProcessBuilder("kill", "-INT", String.valueOf(process.pid())).start().waitFor();
    assertTrue(process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS));
    assertEquals(130, process.exitValue());
    String said = Files.readString(folder.resolve("said.txt"));
    assertTrue(said.contains("the same command resumes where it stopped"), said);

    long kept = partialSize();
    server.always((exchange, file) -> false);
    server.forget();
    assertEquals(0, hbar("pull", HubServer.MODEL).code());
    assertEquals(List.of("bytes=" + kept + "-"), ranges());
  }

  @Test
  void userOfAProxy_isSentOnTheWayToHttps() throws Exception {
    try (ServerSocket proxy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      environment.put("HF_ENDPOINT", "https://" + "hub.invalid");
      environment.put("HTTPS_PROXY", "http:" + "//ann:p%40ss@localhost:" + proxy.getLocalPort());
      environment.put("NO_PROXY", "");
      environment.put("no_proxy", "");
      proxy.setSoTimeout(TIMEOUT_SECONDS * 1000);
      Process process = started();
      try (Socket request = proxy.accept()) {
        BufferedReader head =
            new BufferedReader(new InputStreamReader(request.getInputStream(), US_ASCII));
        List<String> lines = new ArrayList<>();
        for (String line = head.readLine(); !line.isEmpty(); line = head.readLine()) {
          lines.add(line);
        }
        assertEquals("CONNECT hub.invalid:443 HTTP/1.1", lines.getFirst());
        assertTrue(lines.contains("Proxy-Authorization: Basic YW5uOnBAc3M="), "" + lines);
      } finally {
        process.destroyForcibly();
      }
    }
  }

  @Test
  void refusals_areOneLine() throws Exception {
    OneLineError.require(folder, 2, List.of("ORG/NAME"), hbar("pull", "no-model"));
    OneLineError.require(
        folder, 1, List.of("no model org/other", "HF_TOKEN"), hbar("pull", "org/other"));
    environment.put("HF_HUB_OFFLINE", "1");
    OneLineError.require(
        folder, 1, List.of("HF_HUB_OFFLINE is set"), hbar("pull", HubServer.MODEL));
  }

  private List<String> ranges() {
    return server.bodies().stream().map(HubServer.Request::range).toList();
  }

  private Process started() throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(ProgramRun.command("pull", HubServer.MODEL))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("said.txt").toFile());
    builder.environment().putAll(environment);
    return builder.start();
  }

  private Path model() {
    return folder.resolve("home/hub/models--org--model");
  }

  private long partialSize() throws IOException {
    if (!Files.isDirectory(model().resolve("blobs"))) {
      return 0;
    }
    try (Stream<Path> blobs = Files.list(model().resolve("blobs"))) {
      List<Path> partial = blobs.filter(b -> b.toString().endsWith(".incomplete")).toList();
      return partial.isEmpty() ? 0 : Files.size(partial.getFirst());
    } catch (NoSuchFileException renamed) {
      // A small file was whole between the look at its name and the one at its size.
      return 0;
    }
  }

  private void awaitPartial(long bytes) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
    while (partialSize() < bytes) {
      assertTrue(System.nanoTime() < deadline, "the pull does not write");
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }
}
