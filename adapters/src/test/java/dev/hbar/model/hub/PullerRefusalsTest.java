package dev.hbar.model.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot be pulled is refused in one line that says what to do, and leaves nothing behind. */
class PullerRefusalsTest {
  private static final HubServer.Fault GATED =
      Faults.unlessToken(Faults.status(401, "X-Error-Code", "GatedRepo"));

  @TempDir private Path home;
  private HubServer server;
  private PullBench bench;

  @BeforeEach
  void start() throws IOException {
    server = PullBench.checkpoint(HubServer.start(), PullBench.bytes(1000, 1));
    bench = new PullBench(server, home);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void requireRefusal(String... words) {
    String message = bench.refusal();
    for (String word : words) {
      assertTrue(message.contains(word), message + " lacks " + word);
    }
    bench.requireNoRef();
  }

  @Test
  void gatedModelWithoutToken_saysWhereToAcceptAndToPutAToken() {
    server.gate(GATED);
    requireRefusal(
        "org/model is gated", server.endpoint() + "/org/model", "HF_TOKEN", home + "/token");
  }

  @Test
  void gatedModelWithTheRightToken_comes() throws IOException {
    server.gate(GATED);
    bench.with("HF_TOKEN", HubServer.TOKEN).pull();
    bench.requireSnapshot("config.json", "model.safetensors");
  }

  @Test
  void gatedModelWithATokenOfSomebodyElse_namesTheToken() {
    server.gate(GATED);
    bench.with("HF_TOKEN", "hf_somebody");
    requireRefusal("the token from HF_TOKEN", "gated", "accept its terms");
    assertFalse(bench.refusal().contains("hf_somebody"));
  }

  @Test
  void tokenThatIsRefused_isNamedByItsPlace() throws IOException {
    Files.writeString(home.resolve("token"), HubServer.TOKEN);
    server.apiFaults(
        Faults.status(401, "X-Error-Message", "Invalid credentials in Authorization header"));
    requireRefusal("the token from " + home.resolve("token"), "is refused (401)");
  }

  @ParameterizedTest
  @CsvSource({"401,RepoNotFound", "404,RepoNotFound", "401,''", "403,''", "404,''"})
  void missingOrPrivateModel_isNamed(int status, String code) {
    server.apiFaults(
        code.isEmpty() ? Faults.status(status) : Faults.status(status, "X-Error-Code", code));
    requireRefusal("no model org/model", "(" + status + ")", "HF_TOKEN");
  }

  @Test
  void missingRevision_isNamed() {
    server.apiFaults(Faults.status(404, "X-Error-Code", "RevisionNotFound"));
    requireRefusal("no revision main of org/model");
  }

  @Test
  void fileThatIsListedButAbsent_isNamed() {
    server.always(Faults.status(404, "X-Error-Code", "EntryNotFound"));
    requireRefusal("no file config.json in org/model");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../evil.json",
        "a/../../evil.json",
        "/etc/evil.json",
        "..",
        "a//evil.json",
        "./evil.json",
        "..\\\\evil.json",
        "C:/evil.json",
        "C:evil.json",
        "a/",
        "nul\\u0000.json",
        "line\\nbreak.json",
        ""
      })
  void nameThatLeadsOut_isRefusedBeforeAnythingIsWritten(String name) throws IOException {
    server.apiFaults(
        Faults.json("{\"sha\":\"" + HubServer.COMMIT + "\"}"),
        Faults.json(
            "[{\"type\":\"file\",\"oid\":\"%s\",\"size\":1,\"path\":\"%s\"}]"
                .formatted("a".repeat(40), name)));
    requireRefusal("lead out of the cache");
    assertEquals(List.of(), PullBench.names(home));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"[]", "not json", "{\"sha\":\"../../x\"}", "{\"sha\":null}", "{\"sha\":\"0123\"}"})
  void answerWithoutACommit_isRefused(String answer) throws IOException {
    server.apiFaults(Faults.json(answer));
    requireRefusal("is not a hub's", server.endpoint());
    assertEquals(List.of(), PullBench.names(home));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[{\"type\":\"file\",\"path\":\"config.json\",\"size\":1,\"oid\":\"../../evil\"}]",
        "[{\"type\":\"file\",\"path\":\"config.json\",\"size\":-1,\"oid\":\"%1$s\"}]",
        "[{\"type\":\"file\",\"path\":\"config.json\",\"size\":1.5e99,\"oid\":\"%1$s\"}]",
        "[{\"type\":\"file\",\"path\":\"config.json\",\"oid\":\"%1$s\"}]",
        "[{\"type\":\"file\",\"path\":\"a.json\",\"size\":1,\"oid\":\"%1$s\"},"
            + "{\"type\":\"file\",\"path\":\"a.json\",\"size\":1,\"oid\":\"%1$s\"}]",
        "[{\"type\":\"file\",\"path\":\"a.json\",\"size\":1,\"oid\":\"%1$s\",\"lfs\":{\"oid\":\"x\",\"size\":1}}]"
      })
  void listingThatIsNone_isRefused(String listing) throws IOException {
    server.apiFaults(
        Faults.json("{\"sha\":\"" + HubServer.COMMIT + "\"}"),
        Faults.json(listing.formatted("a".repeat(40))));
    requireRefusal("is not a hub's");
    assertEquals(List.of(), PullBench.names(home));
  }

  @ParameterizedTest
  @CsvSource({"://no address,no address of the next page", "?again,more than 1000 pages"})
  void pagesThatLeadNowhere_areNotFollowedForEver(String next, String reason) {
    server.apiFaults(Faults.json("{\"sha\":\"" + HubServer.COMMIT + "\"}"));
    for (int i = 0; i < 1001; i++) {
      server.apiFaults(
          (exchange, file) -> {
            exchange.getResponseHeaders().set("Link", "<" + next + ">; rel=\"next\"");
            Faults.text(exchange, 200, "[]");
            return true;
          });
    }
    requireRefusal(reason);
  }

  @Test
  void snapshotFolderThatLeadsElsewhere_isNotWrittenThrough() throws IOException {
    Path elsewhere = Files.createDirectories(home.resolve("elsewhere"));
    Files.createDirectories(bench.snapshot());
    Files.createSymbolicLink(bench.snapshot().resolve("sub"), elsewhere);
    server.small("sub/x.json", "{}");
    String message = bench.refusal("sub/*");
    assertTrue(message.contains("is a link out of the snapshot"), message);
    assertEquals(List.of(), PullBench.names(elsewhere));
  }

  @Test
  void partialFileThatIsALink_isNotWrittenThrough() throws IOException {
    Path precious = Files.writeString(home.resolve("precious"), "mine");
    Path blobs = Files.createDirectories(bench.model().resolve("blobs"));
    Files.createSymbolicLink(
        blobs.resolve(server.file("config.json").listedHash() + ".hbar.incomplete"), precious);
    requireRefusal("cannot write to");
    assertEquals("mine", Files.readString(precious));
  }

  @Test
  void redirectLoop_isEnded() {
    server.always(
        Faults.status(302, "Location", "/org/model/resolve/" + HubServer.COMMIT + "/config.json"));
    requireRefusal("more than 10 redirects");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ftp://localhost/x", "file:///etc/passwd", "::", ""})
  void redirectToSomethingElse_isRefused(String location) {
    server.always(Faults.status(302, "Location", location));
    requireRefusal("redirect that leads nowhere safe");
  }

  @Test
  void redirectFromPlainToPlainOnAnotherMachine_isRefused() {
    server.always(Faults.status(302, "Location", "http://" + "hub.invalid/x"));
    requireRefusal("redirect that leads nowhere safe");
  }

  @Test
  void tokenOverPlainHttpToAnotherMachine_isNotSent() {
    bench.with("HF_TOKEN", HubServer.TOKEN).with("HF_ENDPOINT", "http://" + "hub.invalid");
    requireRefusal("not sent over plain HTTP", "hub.invalid", "HF_TOKEN");
  }

  @Test
  void tokenThroughAPlainProxy_isNotSent() {
    bench
        .with("HF_TOKEN", HubServer.TOKEN)
        .with("http_proxy", server.endpoint())
        .with("HF_ENDPOINT", "http://" + "hub.invalid");
    requireRefusal("not sent over plain HTTP");
    assertTrue(server.requests().isEmpty());
  }

  @Test
  void noSafetensors_saysWhatToDo() throws IOException {
    try (HubServer other = HubServer.start().large("model.gguf", PullBench.bytes(10, 1))) {
      String message = new PullBench(other, home).refusal();
      assertTrue(message.startsWith("no safetensors files, in org/model"), message);
      assertTrue(message.contains("--include"), message);
    }
  }

  @Test
  void includeThatMatchesNothing_isNamed() {
    String message = bench.refusal("*.gguf");
    assertTrue(message.startsWith("no file matches *.gguf"), message);
  }

  @Test
  void moreBytesThanTheDiskHas_areRefusedBeforeTheFirst() throws IOException {
    server.put(
        new ServedFile(
            "model-2.safetensors", true, "0".repeat(64), Long.MAX_VALUE / 2, new byte[0]));
    requireRefusal("GB are to come", "are free", "HF_HUB_CACHE");
    assertEquals(List.of(), server.bodies());
  }

  @Test
  void noServer_isNamed() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    bench.with("HF_ENDPOINT", "http://localhost:" + port);
    requireRefusal("no connection", "localhost:" + port);
  }

  @Test
  void unknownHost_isNamed() {
    bench.with("HF_ENDPOINT", "http://" + "hub.invalid");
    requireRefusal("hub.invalid");
  }

  @Test
  void offline_doesNotTouchTheNetwork() {
    bench.with("HF_HUB_OFFLINE", "1");
    requireRefusal("HF_HUB_OFFLINE is set");
    assertEquals(List.of(), server.requests());
  }

  @ParameterizedTest
  @ValueSource(strings = {"ftp://localhost", "localhost", "http://", "not an address"})
  void endpointThatIsNoAddress_isNamed(String endpoint) {
    bench.with("HF_ENDPOINT", endpoint);
    requireRefusal("HF_ENDPOINT is no web address");
  }

  @Test
  void tokenWithALineBreakInside_isRefusedUnseen() {
    bench.with("HF_TOKEN", "hf_a\r\nX-Evil: 1");
    String message = assertThrows(HubException.class, bench::pull).getMessage();
    assertEquals("the token from HF_TOKEN has characters that no token has: log in again", message);
  }
}
