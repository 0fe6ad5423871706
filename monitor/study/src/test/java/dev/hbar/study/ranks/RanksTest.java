package dev.hbar.study.ranks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.study.StudyException;
import dev.hbar.study.dataset.Sample;
import dev.hbar.study.scores.RunJournal;
import dev.hbar.study.scores.SampleScore;
import dev.hbar.study.scores.ScoreFile;
import dev.hbar.study.scores.TestRuns;
import dev.hbar.study.scoring.Crew;
import dev.hbar.study.scoring.SampleRunner;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ranks in threads, with connections on the loopback and a scorer without a model. */
class RanksTest {
  private static final int SAMPLES = 42;
  private static final String SECRET = "sixteen bytes at least";

  private final BlockingQueue<String> said = new LinkedBlockingQueue<>();
  private final CountDownLatch othersAtWork = new CountDownLatch(1);

  @TempDir private Path folder;
  private int port;
  private byte[] alone;

  @BeforeEach
  void scoreAlone() throws IOException {
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    alone = scored(Optional.empty(), TestRuns::score);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4})
  void severalRanks_writeTheBytesOfOne(int size) throws Exception {
    List<CompletableFuture<Integer>> others = new ArrayList<>();
    for (int rank = 1; rank < size; rank++) {
      others.add(other(ranks(rank, size, SECRET), TestRuns.header(), this::atWork));
    }
    assertArrayEquals(alone, scored(Optional.of(ranks(0, size, SECRET)), this::afterOthers));
    int theirs = 0;
    for (CompletableFuture<Integer> each : others) {
      theirs += each.get();
    }
    assertTrue(theirs > 0 && theirs < SAMPLES, theirs + " samples by others");
    assertEquals(List.of(), List.copyOf(said));
  }

  @Test
  void rankThatEndsInMidGroup_losesItsSamplesToTheOthers() throws Exception {
    CompletableFuture<Integer> dies =
        other(
            ranks(2, 3, SECRET),
            TestRuns.header(),
            group -> {
              othersAtWork.countDown();
              throw new AssertionError("as if killed");
            });
    assertArrayEquals(alone, scored(Optional.of(ranks(0, 3, SECRET)), this::afterOthers));
    assertThrows(ExecutionException.class, dies::get);
    assertEquals(
        "rank 2 at 127.0.0.1 is gone (closed the connection); its 4 samples are taken up by the"
            + " others",
        said.take());
  }

  @Test
  void rankOfAnotherCheckpoint_isRefusedOnBothSides() throws Exception {
    CompletableFuture<Integer> other =
        other(ranks(1, 2, SECRET), TestRuns.header("b2", 20), this::atWork);
    assertArrayEquals(alone, scored(Optional.of(ranks(0, 2, SECRET)), this::afterComplaint));
    assertEquals(
        "rank 1 at 127.0.0.1 is refused: checkpoint_sha256 is \"b2\" there and \"a1\" here",
        said.take());
    assertEquals(
        "rank 0 refuses this rank: it is another run than rank 0's: checkpoint_sha256 is \"b2\""
            + " there and \"a1\" here",
        problem(other));
  }

  @Test
  void rankWithAnotherSecret_isRefusedOnBothSides() throws Exception {
    CompletableFuture<Integer> other =
        other(ranks(1, 2, "sixteen other bytes"), TestRuns.header(), this::atWork);
    assertArrayEquals(alone, scored(Optional.of(ranks(0, 2, SECRET)), this::afterComplaint));
    String line = said.take();
    assertTrue(line.endsWith("is refused: it has another secret"), line);
    assertEquals(
        "rank 0 refuses this rank: the secrets of the two differ (HBAR_RANK_SECRET_FILE)",
        problem(other));
  }

  @ParameterizedTest
  @CsvSource({
    "'GET / HTTP/1.1\n', sent what is no message",
    "'{}\n', sent what is no message",
    "'{\"kind\":\"SCORE\",\"text\":\"\",\"start\":0,\"count\":0}\n', said SCORE where NONCE must come",
    "'', closed the connection"
  })
  void stranger_isSentAwayAndTheRunGoesOn(String sent, String problem) throws Exception {
    assertArrayEquals(
        alone,
        scored(
            Optional.of(ranks(0, 2, SECRET)),
            once(() -> stranger(sent.getBytes(StandardCharsets.UTF_8)), this::afterComplaint)));
    String line = said.take();
    assertTrue(line.endsWith("is refused: it " + problem), line);
  }

  @Test
  void endlessLine_isCutOff() throws Exception {
    assertArrayEquals(
        alone,
        scored(
            Optional.of(ranks(0, 2, SECRET)),
            once(
                () -> stranger("x".repeat(1025).getBytes(StandardCharsets.UTF_8)),
                this::afterComplaint)));
    String line = said.take();
    assertTrue(line.endsWith("it sent a line of more than 1024 bytes"), line);
  }

  @Test
  void endOfTheFirst_isNoticedInMidGroup() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    BlockingQueue<String> gone = new LinkedBlockingQueue<>();
    Ranks other = ranks(1, 2, SECRET);
    Thread.ofVirtual()
        .start(
            () ->
                new OtherRank(other, gone::add)
                    .run(
                        wanted ->
                            new OtherRank.Work(
                                wanted,
                                TestRuns.source(SAMPLES),
                                group -> {
                                  othersAtWork.countDown();
                                  awaited(never);
                                  return List.of();
                                })));
    assertThrows(
        AssertionError.class,
        () ->
            scored(
                Optional.of(ranks(0, 2, SECRET)),
                group -> {
                  awaited(othersAtWork);
                  throw new AssertionError("as if the disk were full");
                }));
    String line = gone.poll(20, TimeUnit.SECONDS);
    assertTrue(line.startsWith("rank 0 at 127.0.0.1:" + port + " is gone ("), line);
    assertTrue(line.endsWith("; run the same command again to resume"), line);
  }

  @ParameterizedTest
  @CsvSource({
    "HBAR_RANK, 2, 'HBAR_RANK must be below the number of ranks, 2, not 2'",
    "HBAR_RANK, one, HBAR_RANK must be a number",
    "HBAR_RANKS, 0, HBAR_RANKS must be from 1 to 1024",
    "HBAR_RANKS, 1025, HBAR_RANKS must be from 1 to 1024",
    "HBAR_RANK_ADDRESS, host, HBAR_RANK_ADDRESS must be host:port of rank 0",
    "HBAR_RANK_ADDRESS, host:65536, HBAR_RANK_ADDRESS must be host:port of rank 0",
    "HBAR_RANK_ADDRESS, '', HBAR_RANK_ADDRESS is not set",
    "HBAR_RANK_SECRET_FILE, /none, HBAR_RANK_SECRET_FILE names a file that cannot be read"
  })
  void wrongVariable_isNamed(String name, String value, String problem) throws IOException {
    Map<String, String> variables = variables(1, 2, SECRET);
    variables.put(name, value);
    StudyException refused = assertThrows(StudyException.class, () -> Ranks.of(variables));
    assertTrue(refused.getMessage().startsWith(problem), refused.getMessage());
  }

  @Test
  void shortSecret_isRefusedAndOneOfSixteenBytesIsNot() throws IOException {
    assertEquals(1, ranks(1, 2, "x".repeat(16)).rank());
    StudyException refused = assertThrows(StudyException.class, () -> ranks(1, 2, "x".repeat(15)));
    assertTrue(refused.getMessage().contains("fewer than 16 bytes"), refused.getMessage());
  }

  @Test
  void variablesOfMlxsLauncher_areUnderstood() throws IOException {
    Path hosts = folder.resolve("hosts.json");
    Files.writeString(hosts, "[[\"mac1.local:32323\"],[\"mac2.local:32323\"]]");
    Map<String, String> variables = variables(0, 1, SECRET);
    variables.keySet().removeIf(name -> !name.equals("HBAR_RANK_SECRET_FILE"));
    variables.putAll(Map.of("MLX_RANK", "1", "MLX_HOSTFILE", hosts.toString()));
    Ranks ranks = Ranks.of(variables).orElseThrow();
    assertEquals(
        "1 of 2 at mac1.local:33323",
        ranks.rank() + " of " + ranks.size() + " at " + ranks.address());
  }

  private byte[] scored(Optional<Ranks> ranks, SampleRunner.Scorer scorer) throws IOException {
    Path file = folder.resolve(ranks.isPresent() ? "several.jsonl" : "one.jsonl");
    try (Crew crew = FirstRank.of(ranks, said::add);
        RunJournal journal = RunJournal.open(file, TestRuns.header())) {
      SampleRunner.Watch.Outcome outcome =
          new SampleRunner(TestRuns.source(SAMPLES), scorer, TestRuns.GROUP, crew)
              .run(journal, TestRuns.untilTheEnd());
      assertTrue(outcome.complete());
    }
    assertEquals(SAMPLES, ScoreFile.read(file).scores().size());
    return Files.readAllBytes(file);
  }

  private CompletableFuture<Integer> other(
      Ranks ranks, ScoreFile.Header header, SampleRunner.Scorer scorer) {
    Consumer<String> unexpected = line -> said.add("gone: " + line);
    return CompletableFuture.supplyAsync(
        () ->
            new OtherRank(ranks, unexpected)
                .run(wanted -> new OtherRank.Work(header, TestRuns.source(SAMPLES), scorer)),
        command -> Thread.ofVirtual().start(command));
  }

  private static String problem(CompletableFuture<Integer> other) throws InterruptedException {
    return assertThrows(ExecutionException.class, other::get).getCause().getMessage();
  }

  private List<SampleScore> atWork(List<Sample> group) {
    othersAtWork.countDown();
    return TestRuns.score(group);
  }

  /** Rank 0 is slower than the others, so that each has its share. */
  private List<SampleScore> afterOthers(List<Sample> group) {
    awaited(othersAtWork);
    return TestRuns.score(group);
  }

  private List<SampleScore> afterComplaint(List<Sample> group) {
    long begin = System.nanoTime();
    while (said.isEmpty() && System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(20)) {
      Thread.onSpinWait();
    }
    return TestRuns.score(group);
  }

  private static SampleRunner.Scorer once(Runnable first, SampleRunner.Scorer then) {
    List<Runnable> left = new ArrayList<>(List.of(first));
    return group -> {
      left.forEach(Runnable::run);
      left.clear();
      return then.score(group);
    };
  }

  private void stranger(byte[] sent) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write(sent);
      socket.shutdownOutput();
      socket.getInputStream().readAllBytes();
    } catch (IOException reset) {
      // Sent away.
    }
  }

  private static void awaited(CountDownLatch latch) {
    try {
      assertTrue(latch.await(20, TimeUnit.SECONDS), "nobody came");
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private Ranks ranks(int rank, int size, String secret) throws IOException {
    return Ranks.of(variables(rank, size, secret)).orElseThrow();
  }

  private Map<String, String> variables(int rank, int size, String secret) throws IOException {
    Path file = folder.resolve("secret" + secret.hashCode());
    Files.writeString(file, secret + "\n");
    return new HashMap<>(
        Map.of(
            "HBAR_RANK",
            "" + rank,
            "HBAR_RANKS",
            "" + size,
            "HBAR_RANK_ADDRESS",
            "127.0.0.1:" + port,
            "HBAR_RANK_SECRET_FILE",
            file.toString()));
  }
}
