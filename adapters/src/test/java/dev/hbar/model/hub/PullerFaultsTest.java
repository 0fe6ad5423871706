package dev.hbar.model.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.model.hub.HubServer.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A pull from a server that cuts, lies and stalls: in the end the right bytes, or none. */
class PullerFaultsTest {
  private static final int SIZE = 400_000;

  @TempDir private Path home;
  private HubServer server;
  private PullBench bench;

  @BeforeEach
  void start() throws IOException {
    server = HubServer.start().large("model.safetensors", PullBench.bytes(SIZE, 1));
    bench = new PullBench(server, home);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private long sentBytes() {
    return bench.progress().getLast();
  }

  private List<String> ranges() {
    return server.bodies().stream().map(Request::range).toList();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void connectionCutAtRandomPlaces_isGoneOnFromThere(long seed) throws IOException {
    Random random = new Random(seed);
    for (int i = 0; i < 8; i++) {
      server.faults(Faults.cutAfter(1 + random.nextInt(80_000)));
    }
    PullResult result = bench.pull();
    bench.requireSnapshot("model.safetensors");
    // What was received once is not asked for again.
    assertEquals(SIZE, result.received());
    assertTrue(ranges().size() > 2, ranges().toString());
  }

  @Test
  void serverThatSendsNothing_isGivenUpOnAfterAFewTries() {
    server.always(Faults.cutAfter(0));
    String message = bench.refusal();
    assertTrue(message.contains("the connection was cut"), message);
    assertTrue(message.contains("4 tries"), message);
    bench.requireNoRef();
  }

  @Test
  void silentConnection_countsAsCut() throws IOException {
    server.faults(Faults.silentAfter(1000, 20_000));
    long start = System.nanoTime();
    PullResult result = bench.pull();
    bench.requireSnapshot("model.safetensors");
    assertEquals(SIZE, result.received());
    assertTrue(System.nanoTime() - start < 15e9, "the silence was waited out");
  }

  @Test
  void silentAnswerOfTheApi_isAskedForAgain() throws IOException {
    server.apiFaults(Faults.silentJson(20_000));
    long start = System.nanoTime();
    bench.pull();
    bench.requireSnapshot("model.safetensors");
    assertTrue(System.nanoTime() - start < 15e9, "the silence was waited out");
  }

  @Test
  void rangeIgnored_startsAgain() throws IOException {
    server.faults(Faults.cutAfter(1000), Faults.wholeFile());
    PullResult result = bench.pull();
    bench.requireSnapshot("model.safetensors");
    assertEquals(SIZE + 1000, result.received());
    assertEquals(SIZE, sentBytes());
  }

  /** A weak tag proves nothing about bytes; the hash of the whole does. */
  @Test
  void weakEtag_isNoConditionForTheRest() throws IOException {
    server.faults(Faults.weaklyTaggedAndCutAfter(1000), Faults.cutAfter(500));
    PullResult result = bench.pull();
    bench.requireSnapshot("model.safetensors");
    assertEquals(SIZE, result.received());
    assertEquals(List.of("", "bytes=1000-", "bytes=1500-"), ranges());
    String etag = '"' + server.file("model.safetensors").etag() + '"';
    assertEquals(List.of("", "", etag), server.bodies().stream().map(Request::condition).toList());
  }

  @Test
  void contentChangedMidway_isNotMixedWithTheOld() throws IOException {
    server.faults(Faults.cutAfter(1000), Faults.altered());
    bench.pull();
    bench.requireSnapshot("model.safetensors");
    assertEquals("", ranges().getFirst());
    assertEquals("bytes=1000-", ranges().get(1));
    String etag = '"' + server.file("model.safetensors").etag() + '"';
    assertEquals(etag, server.bodies().get(1).condition());
    // The changed one had the wrong hash, so all of it was fetched anew.
    assertEquals("", ranges().get(2));
    assertTrue(bench.notes().contains("retrying: wrong hash"), bench.notes().toString());
  }

  @Test
  void wrongContentOnce_isFetchedAgain() throws IOException {
    server.faults(Faults.altered());
    PullResult result = bench.pull();
    bench.requireSnapshot("model.safetensors");
    assertEquals(2L * SIZE, result.received());
  }

  @Test
  void wrongContentTwice_isAnErrorAndDeleted() throws IOException {
    server.always(Faults.altered());
    String message = bench.refusal();
    assertTrue(message.startsWith("wrong hash, in model.safetensors"), message);
    assertEquals(2, server.bodies().size());
    assertEquals(List.of(), PullBench.names(bench.model()));
  }

  @Test
  void wrongContentOfASmallFile_isAnErrorAndDeleted() throws IOException {
    server.small("config.json", "{}").always(Faults.altered());
    assertTrue(bench.refusal().startsWith("wrong hash, in config.json"));
    assertEquals(List.of(), PullBench.names(bench.model()));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 10, SIZE - 1, SIZE + 1})
  void sizeOtherThanListed_isAnErrorAndDeleted(int size) throws IOException {
    server.always(Faults.ofSize(size));
    String message = bench.refusal();
    assertTrue(message.startsWith("wrong size"), message);
    assertEquals(List.of(), PullBench.names(bench.model()));
  }

  @Test
  void moreBytesThanListed_areNotStored() throws IOException {
    server.always(Faults.endless());
    String message = bench.refusal();
    assertTrue(message.startsWith("wrong"), message);
    assertEquals(List.of(), PullBench.names(bench.model()));
  }

  @Test
  void hubThatAnnouncesAnotherHash_isNotDownloadedFrom() {
    ServedFile listed = server.file("model.safetensors");
    server.small("config.json", "{}");
    server.faults(
        Faults.status(200, "X-Linked-Etag", "\"" + "0".repeat(64) + "\""),
        Faults.status(200, "X-Linked-Etag", "\"" + "0".repeat(64) + "\""));
    String message = bench.refusal();
    assertTrue(message.contains("announces another"), message);
    assertFalse(server.bodies().stream().anyMatch(r -> r.path().endsWith(listed.path())));
  }

  @Test
  void passingErrors_areTriedAgain() throws IOException {
    server
        .apiFaults(Faults.status(503), Faults.status(429, "Retry-After", "1"))
        .faults(Faults.status(500), Faults.status(408), Faults.cutAfter(7));
    long start = System.nanoTime();
    bench.pull();
    bench.requireSnapshot("model.safetensors");
    assertTrue(System.nanoTime() - start > 0.9e9, "Retry-After was not waited for");
  }

  @Test
  void endOfTheRateWindow_isWaitedFor() throws IOException {
    server.apiFaults(Faults.status(429, "RateLimit", "\"api\";r=0;t=1"));
    long start = System.nanoTime();
    bench.pull();
    bench.requireSnapshot("model.safetensors");
    assertTrue(System.nanoTime() - start > 0.9e9, "the window was not waited for");
  }

  @Test
  void serverThatStaysAway_isNamed() {
    server.apiFaults(
        Faults.status(502), Faults.status(502), Faults.status(502), Faults.status(502));
    String message = bench.refusal();
    assertTrue(message.contains("the server answers 502"), message);
    assertTrue(message.contains(server.endpoint()), message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"3600", "Tue, 31 Dec 2199 23:59:59 GMT"})
  void longRetryAfter_isToldAndNotWaitedFor(String retryAfter) {
    server.apiFaults(Faults.status(429, "Retry-After", retryAfter));
    String message = bench.refusal();
    assertTrue(message.startsWith("too many requests, try again in "), message);
  }

  @Test
  void stoppedPull_keepsWhatItHasAndGoesOn() throws IOException {
    server.faults(Faults.cutAfter(50_000), Faults.slowly(20_000, 100));
    bench.stoppingWhen(() -> !bench.progress().isEmpty() && sentBytes() > 60_000);
    PullResult stopped = bench.pull();
    assertFalse(stopped.complete());
    bench.requireNoRef();
    assertEquals(List.of(), PullBench.names(bench.snapshot()));

    long kept = sentBytes();
    server.forget();
    PullResult second = new PullBench(server, home).pull();
    assertEquals(SIZE - kept, second.received());
    assertEquals(List.of("bytes=" + kept + "-"), ranges());
    bench.requireSnapshot("model.safetensors");
  }

  @Test
  void stopOnASilentConnection_isHeededAtOnce() {
    server.always(Faults.silentAfter(10, 20_000));
    bench.stoppingWhen(() -> !bench.progress().isEmpty() && sentBytes() > 0);
    long start = System.nanoTime();
    assertFalse(bench.pull().complete());
    assertTrue(System.nanoTime() - start < 3e9, "the stop was not seen");
  }

  @Test
  void damagedPartialFile_isFoundByItsHash() throws IOException {
    ServedFile weights = server.file("model.safetensors");
    Path partial =
        bench.model().resolve("blobs").resolve(weights.listedHash() + ".hbar.incomplete");
    Files.createDirectories(partial.getParent());
    byte[] damaged = Arrays.copyOf(weights.sent(), 5000);
    damaged[17] ^= 1;
    Files.write(partial, damaged);
    bench.pull();
    bench.requireSnapshot("model.safetensors");
    assertEquals(List.of("bytes=5000-", ""), ranges());
  }

  @ParameterizedTest
  @ValueSource(ints = {SIZE, SIZE + 1})
  void partialFileThatIsWholeOrTooLong_isChecked(int length) throws IOException {
    ServedFile weights = server.file("model.safetensors");
    Path partial =
        bench.model().resolve("blobs").resolve(weights.listedHash() + ".hbar.incomplete");
    Files.createDirectories(partial.getParent());
    Files.write(partial, Arrays.copyOf(weights.sent(), length));
    PullResult result = bench.pull();
    bench.requireSnapshot("model.safetensors");
    assertEquals(length == SIZE ? 0 : SIZE, result.received());
  }
}
