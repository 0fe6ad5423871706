package dev.hbar.model.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.model.checkpoint.CheckpointDirectory;
import dev.hbar.model.hub.HubServer.Request;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a pull leaves in the cache, and what it asks a well-behaved server for. */
class PullerTest {
  @TempDir private Path home;
  private HubServer server;
  private PullBench bench;

  @BeforeEach
  void start() throws IOException {
    server = PullBench.checkpoint(HubServer.start(), PullBench.bytes(300_000, 1));
    bench = new PullBench(server, home);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void emptyCache_getsTheLayoutOfTheHubsOwnTools() throws IOException {
    PullResult result = bench.pull();
    assertTrue(result.complete());
    assertEquals(HubServer.COMMIT, result.commit());
    assertEquals(bench.snapshot(), result.snapshot());
    assertEquals(result.bytes(), result.received());
    bench.requireSnapshot("config.json", "model.safetensors");
  }

  @Test
  void pulledModel_isFoundOfflineByItsName() {
    bench.pull();
    CheckpointDirectory found =
        CheckpointDirectory.resolve(HubServer.MODEL, Map.of("HF_HOME", home.toString()));
    assertEquals(HubServer.MODEL, found.name());
    assertTrue(found.find("model.safetensors").isPresent());
    assertEquals(Optional.empty(), found.find("README.md"));
  }

  @Test
  void progress_growsToTheWhole() {
    PullResult result = bench.pull();
    assertEquals(bench.progress().stream().sorted().toList(), bench.progress());
    assertEquals(0, bench.progress().getFirst());
    assertEquals(result.bytes(), bench.progress().getLast());
    assertTrue(bench.notes().getFirst().startsWith("2 files, "), bench.notes().toString());
  }

  @Test
  void secondPull_transfersNothing() throws IOException {
    bench.pull();
    server.forget();
    PullResult second = bench.pull();
    assertEquals(0, second.received());
    assertEquals(List.of(), server.bodies());
    bench.requireSnapshot("config.json", "model.safetensors");
  }

  @Test
  void filesThatNoCheckpointNeeds_stayWhereTheyAre() throws IOException {
    server
        .large("pytorch_model.bin", PullBench.bytes(10, 2))
        .large("model-q4.gguf", PullBench.bytes(10, 3))
        .large("consolidated.safetensors", PullBench.bytes(10, 4))
        .large("original/model.safetensors", PullBench.bytes(10, 5))
        .small("modeling_tiny.py", "print()")
        .small("chat_template.jinja", "{{ x }}")
        .small("merges.txt", "a b")
        .large("tokenizer.model", PullBench.bytes(10, 6));
    bench.pull();
    bench.requireSnapshot(
        "chat_template.jinja", "config.json", "merges.txt", "model.safetensors", "tokenizer.model");
  }

  @Test
  void fileAskedFor_comesToo() throws IOException {
    server.large("deep/er/model-q4.gguf", PullBench.bytes(10, 3)).small("odd name+%20#.md", "x");
    bench.pull("**/*.gguf", "odd*");
    bench.requireSnapshot(
        "config.json", "deep/er/model-q4.gguf", "model.safetensors", "odd name+%20#.md");
  }

  @Test
  void sameContentUnderTwoNames_isFetchedOnce() throws IOException {
    server.large("model-2.safetensors", server.file("model.safetensors").sent());
    PullResult result = bench.pull();
    bench.requireSnapshot("config.json", "model-2.safetensors", "model.safetensors");
    assertEquals(2, server.bodies().size());
    assertEquals(result.bytes(), bench.progress().getLast());
  }

  @Test
  void listingOnManyPages_isReadToItsEnd() throws IOException {
    server.pages(1);
    bench.pull();
    bench.requireSnapshot("config.json", "model.safetensors");
  }

  @Test
  void emptyFile_isAFile() throws IOException {
    server.small("added_tokens.json", "");
    bench.pull();
    bench.requireSnapshot("added_tokens.json", "config.json", "model.safetensors");
  }

  @Test
  void commitAsRevision_needsNoRef() throws IOException {
    bench.pullRevision(HubServer.COMMIT);
    assertEquals(List.of("config.json", "model.safetensors"), PullBench.names(bench.snapshot()));
    assertFalse(Files.exists(bench.model().resolve("refs")));
  }

  @Test
  void revisionWithSlashes_isARefInFolders() throws IOException {
    bench.pullRevision("refs/pr/7");
    assertEquals(HubServer.COMMIT, Files.readString(bench.model().resolve("refs/refs/pr/7")));
    assertTrue(server.requests().stream().anyMatch(r -> r.path().endsWith("/revision/refs/pr/7")));
  }

  @Test
  void token_goesToTheHubAndNotToItsStorage() {
    bench.with("HF_TOKEN", HubServer.TOKEN).pull();
    List<Request> requests = server.requests();
    for (Request request : requests) {
      assertEquals(
          request.onHub() ? "Bearer " + HubServer.TOKEN : "",
          request.authorization(),
          request.path());
    }
    assertTrue(requests.stream().anyMatch(request -> !request.onHub()));
  }

  @Test
  void proxyOfTheEnvironment_isUsedButForExemptHosts() throws IOException {
    bench
        .with("http_proxy", server.endpoint())
        .with("no_proxy", "elsewhere, .localhost")
        .with("HF_ENDPOINT", "http://" + "hub.invalid");
    bench.pull();
    bench.requireSnapshot("config.json", "model.safetensors");
  }

  @Test
  void userOfTheProxy_isSentToItAlone() {
    String proxy = server.endpoint().replace("//", "//ann:p%40ss@");
    bench
        .with("http_proxy", proxy)
        .with("no_proxy", "localhost")
        .with("HF_ENDPOINT", "http://" + "hub.invalid");
    bench.pull();
    assertEquals("Basic YW5uOnBAc3M=", server.requests().getFirst().proxyAuthorization());
    server.forget();
    bench.with("HF_ENDPOINT", server.endpoint()).pull();
    assertEquals("", server.requests().getFirst().proxyAuthorization());
  }

  @Test
  void wholeSnapshot_needsNoLockAndNoWriting() throws IOException {
    bench.pull();
    Path locks = home.resolve("hub/.locks");
    try (Stream<Path> all = Files.walk(locks)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
    Files.writeString(locks, "no folder can be made here");
    PullResult again = bench.pull();
    assertTrue(again.complete());
    assertEquals(2, again.files().size());
    assertEquals(again.bytes(), bench.progress().getLast());
    Files.writeString(bench.ref(), "another commit");
    assertTrue(bench.refusal().contains("cannot write to"), bench.refusal());
  }

  @Test
  void offline_givesTheSnapshotThatIsThere() throws IOException {
    bench.pull();
    server.forget();
    PullResult cached = bench.with("HF_HUB_OFFLINE", "1").pull();
    assertEquals(bench.snapshot().toRealPath(), cached.snapshot().toRealPath());
    assertEquals(HubServer.COMMIT, cached.commit());
    assertEquals(
        List.of("config.json", "model.safetensors"),
        cached.files().stream().map(PulledFile::path).toList());
    assertEquals(0, cached.received());
    assertEquals(List.of(), server.requests());
  }

  @Test
  void variablesInThePlaceOfTheCache_areExpanded() throws IOException {
    bench.with("PLACE", home.toString()).with("HF_HOME", "${PLACE}/$UNSET");
    PullResult result = bench.pull();
    assertTrue(result.snapshot().startsWith(home.resolve("$UNSET/hub")), "" + result.snapshot());
  }

  @Test
  void tokenFile_isReadFromItsPlaces() throws IOException {
    Files.writeString(home.resolve("token"), HubServer.TOKEN + "\n");
    bench.pull();
    assertEquals("Bearer " + HubServer.TOKEN, server.requests().getFirst().authorization());

    Path other = Files.writeString(home.resolve("other"), "hf_other");
    server.forget();
    bench.with("HF_TOKEN_PATH", other.toString()).pull();
    assertEquals("Bearer hf_other", server.requests().getFirst().authorization());

    server.forget();
    bench.with("HF_HUB_DISABLE_IMPLICIT_TOKEN", "1").pull();
    assertEquals("", server.requests().getFirst().authorization());
  }

  @Test
  void blobThatPythonLeft_isTakenOver() throws IOException {
    ServedFile weights = server.file("model.safetensors");
    Path blobs = Files.createDirectories(bench.model().resolve("blobs"));
    Files.write(blobs.resolve(weights.listedHash()), weights.sent());
    PullResult result = bench.pull();
    assertEquals(weights.listedSize(), result.bytes() - result.received());
    bench.requireSnapshot("config.json", "model.safetensors");
  }

  @Test
  void blobOfAnotherSize_isFetchedAgain() throws IOException {
    Path blobs = Files.createDirectories(bench.model().resolve("blobs"));
    Files.write(blobs.resolve(server.file("model.safetensors").listedHash()), new byte[7]);
    bench.pull();
    bench.requireSnapshot("config.json", "model.safetensors");
  }

  @Test
  void pullThatGoesOn_isWaitedFor() throws Exception {
    Path lock = home.resolve("hub/.locks/models--org--model/hbar.lock");
    Files.createDirectories(lock.getParent());
    try (FileChannel channel =
        FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      FileLock held = channel.lock();
      Thread other = Thread.ofPlatform().start(bench::pull);
      while (!bench.notes().contains("waiting")) {
        Thread.sleep(5);
      }
      assertEquals(List.of(), server.bodies());
      held.release();
      other.join();
    }
    bench.requireSnapshot("config.json", "model.safetensors");
  }

  @Test
  void twoPullsAtOnce_bothEndWithTheWholeAndFetchItOnce() throws Exception {
    PullBench second = new PullBench(server, home);
    List<Thread> threads =
        Stream.of(bench, second).map(each -> Thread.ofPlatform().start(each::pull)).toList();
    for (Thread thread : threads) {
      thread.join();
    }
    bench.requireSnapshot("config.json", "model.safetensors");
    assertEquals(2, server.bodies().size());
  }

  @Test
  void nothingElse_isWrittenToTheCache() throws IOException {
    bench.pull();
    assertEquals(
        List.of(
            ".locks/models--org--model/hbar.lock",
            "models--org--model/blobs/" + server.file("config.json").listedHash(),
            "models--org--model/blobs/" + server.file("model.safetensors").listedHash(),
            "models--org--model/refs/main",
            "models--org--model/snapshots/" + HubServer.COMMIT + "/config.json",
            "models--org--model/snapshots/" + HubServer.COMMIT + "/model.safetensors"),
        PullBench.names(home.resolve("hub")).stream().sorted().toList());
  }
}
