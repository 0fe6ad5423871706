package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hbar.monitor.generation.GenerationModel;
import dev.hbar.monitor.risk.HaltPolicy;
import dev.hbar.serve.engine.ModelPool;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which models a server offers and keeps, and what of them outlives it. */
class ServerModelsTest {
  private static final String ONE = "plain_float32";
  private static final String OTHER = "bits_mixed";

  @TempDir Path folder;

  private Path checkpoint(String fixture, Path at) throws IOException {
    return Fixture.named(fixture).withTokenizer(Files.createDirectories(at));
  }

  /** Two models and a clock that the test turns. */
  private ModelPool pool(AtomicReference<Instant> now) throws IOException {
    ModelPool.Source source =
        new ModelPool.Source() {
          @Override
          public GenerationModel open(String checkpoint) {
            return GenerationModel.open(checkpoint);
          }

          @Override
          public HaltPolicy policy(GenerationModel model) {
            return HaltPolicy.FLAGGING;
          }
        };
    Clock clock =
        new Clock() {
          @Override
          public ZoneOffset getZone() {
            return ZoneOffset.UTC;
          }

          @Override
          public Clock withZone(java.time.ZoneId zone) {
            return this;
          }

          @Override
          public Instant instant() {
            return now.get();
          }
        };
    List<String> checkpoints =
        List.of(
            checkpoint(ONE, folder.resolve(ONE)).toString(),
            checkpoint(OTHER, folder.resolve(OTHER)).toString());
    return new ModelPool(
        checkpoints, source, 2, Optional.of(Duration.ofSeconds(60)), Optional.empty(), clock);
  }

  @Test
  void pinnedModel_staysOpenWhereTheIdleOneIsClosed() throws Exception {
    AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    try (ModelPool pool = pool(now)) {
      pool.pin(OTHER);
      pool.lease(ONE).close();
      pool.lease(OTHER).close();
      now.set(now.get().plusSeconds(60));
      pool.closeIdle();
      assertTrue(
          pool.opened(ONE).isPresent() && pool.opened(OTHER).isPresent(), "60 s are not over");
      now.set(now.get().plusSeconds(1));
      pool.closeIdle();
      assertEquals(Optional.empty(), pool.opened(ONE));
      assertEquals(Optional.of(Instant.EPOCH), pool.opened(OTHER));
      try (ModelPool.Lease again = pool.lease(ONE)) {
        assertEquals(ONE, again.model().name());
        now.set(now.get().plusSeconds(1000));
        pool.closeIdle();
        assertTrue(pool.opened(ONE).isPresent(), "in use");
      }
    }
  }

  @Test
  void pinOfAModelThatIsNotOffered_isRefusedNamingThoseThatAre() throws Exception {
    try (ModelPool pool = pool(new AtomicReference<>(Instant.EPOCH))) {
      IllegalArgumentException refused =
          assertThrows(IllegalArgumentException.class, () -> pool.pin("none"));
      assertEquals("cannot pin none: pin one of " + ONE + ", " + OTHER, refused.getMessage());
    }
    ProgramRun run =
        ProgramRun.of(
            folder, "", "serve", folder.resolve(ONE).toString(), "--port", "0", "--pin", "none");
    assertEquals(2, run.code());
    assertTrue(run.err().contains("cannot pin none: pin one of " + ONE), run.err());
  }

  @Test
  void serveWithoutACheckpoint_offersEveryModelOfTheCache() throws Exception {
    Path home = Files.createDirectory(folder.resolve("home"));
    ProgramRun none = ProgramRun.of(folder, "", Map.of("HF_HOME", home + ""), "serve");
    assertEquals(1, none.code());
    assertTrue(none.err().contains("hbar pull ORG/NAME"), none.err());
    for (String fixture : List.of(ONE, OTHER)) {
      Path repository = home.resolve("hub/models--tiny--" + fixture);
      String commit = "0123456789012345678901234567890123456789";
      checkpoint(fixture, repository.resolve("snapshots").resolve(commit));
      Files.writeString(Files.createDirectory(repository.resolve("refs")).resolve("main"), commit);
    }
    ProcessBuilder builder =
        new ProcessBuilder(ProgramRun.command("serve", "--port", "0", "--pin", "tiny/" + OTHER));
    builder.environment().put("HF_HOME", home.toString());
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    Process server = builder.start();
    try (BufferedReader out = server.inputReader();
        HttpClient client = HttpClient.newHttpClient()) {
      String line = out.readLine();
      assertTrue(line.startsWith("serving tiny/" + OTHER + ", tiny/" + ONE + " at http"), line);
      URI models = URI.create(line.substring(line.lastIndexOf(' ') + 1) + "/v1/models");
      HttpResponse<String> said =
          client.send(HttpRequest.newBuilder(models).build(), HttpResponse.BodyHandlers.ofString());
      JsonNode data = RunningServer.JSON.readTree(said.body()).get("data");
      assertEquals(2, data.size());
      assertEquals("tiny/" + ONE, data.get(1).get("id").textValue());
    } finally {
      server.destroy();
      server.waitFor();
    }
  }

  @Test
  void secondTurnAfterARestart_readsOnlyWhatIsNewAndSaysTheSame() throws Exception {
    StringBuilder list = new StringBuilder("Remember this list.");
    IntStream.range(0, 40).forEach(i -> list.append(" Item ").append(i).append(" is a stone."));
    String first = "{'role': 'user', 'content': '" + list + "'}";
    String tail = "], 'max_tokens': 6}";
    String text;
    try (RunningServer before = RunningServer.keeping(folder)) {
      JsonNode said = before.ask("/v1/chat/completions", "{'messages': [" + first + tail);
      text = said.at("/choices/0/message/content").textValue();
    }
    String turns =
        "{'messages': ["
            + first
            + ", {'role': 'assistant', 'content': "
            + RunningServer.JSON.writeValueAsString(text)
            + "}, {'role': 'user', 'content': 'And the last?'}"
            + tail;
    try (RunningServer fresh = RunningServer.keeping(folder.resolve("empty"));
        RunningServer after = RunningServer.keeping(folder)) {
      JsonNode alone = fresh.ask("/v1/chat/completions", turns);
      JsonNode again = after.ask("/v1/chat/completions", turns);
      assertEquals(alone.at("/choices/0/message/content"), again.at("/choices/0/message/content"));
      int prompt = again.at("/usage/prompt_tokens").intValue();
      int cached = again.at("/usage/prompt_tokens_details/cached_tokens").intValue();
      assertEquals(0, alone.at("/usage/prompt_tokens_details/cached_tokens").intValue());
      assertTrue(cached > 0.9 * prompt - 40 && cached < prompt, cached + " of " + prompt);
    }
  }
}
