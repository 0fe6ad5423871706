package dev.hbar.study.ranks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import java.nio.file.Files;
import java.nio.file.Path;
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
import org.junit.jupiter.api.io.TempDir;

/** Ranks in threads, with connections on the loopback and a scorer without a model. */
abstract class LocalRanks {
  static final int SAMPLES = 42;
  static final String SECRET = "sixteen bytes at least";

  final BlockingQueue<String> said = new LinkedBlockingQueue<>();
  final CountDownLatch othersAtWork = new CountDownLatch(1);

  @TempDir Path folder;
  int port;
  byte[] alone;

  @BeforeEach
  void scoreAlone() throws IOException {
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    alone = scored(Optional.empty(), TestRuns::score);
  }

  Socket connected() {
    try {
      return new Socket(InetAddress.getLoopbackAddress(), port);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  byte[] scored(Optional<Ranks> ranks, SampleRunner.Scorer scorer) throws IOException {
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

  CompletableFuture<Integer> other(
      Ranks ranks, ScoreFile.Header header, SampleRunner.Scorer scorer) {
    Consumer<String> unexpected = line -> said.add("gone: " + line);
    return CompletableFuture.supplyAsync(
        () ->
            new OtherRank(ranks, unexpected)
                .run(wanted -> OtherRank.Work.scoring(header, TestRuns.source(SAMPLES), scorer)),
        command -> Thread.ofVirtual().start(command));
  }

  static String problem(CompletableFuture<Integer> other) throws InterruptedException {
    return assertThrows(ExecutionException.class, other::get).getCause().getMessage();
  }

  List<SampleScore> atWork(List<Sample> group) {
    othersAtWork.countDown();
    return TestRuns.score(group);
  }

  /** Rank 0 is slower than the others, so that each has its share. */
  List<SampleScore> afterOthers(List<Sample> group) {
    awaited(othersAtWork);
    return TestRuns.score(group);
  }

  List<SampleScore> afterComplaint(List<Sample> group) {
    long begin = System.nanoTime();
    while (said.isEmpty() && System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(20)) {
      Thread.onSpinWait();
    }
    return TestRuns.score(group);
  }

  static void awaited(CountDownLatch latch) {
    try {
      assertTrue(latch.await(20, TimeUnit.SECONDS), "nobody came");
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  Ranks ranks(int rank, int size, String secret) throws IOException {
    return Ranks.of(variables(rank, size, secret)).orElseThrow();
  }

  Map<String, String> variables(int rank, int size, String secret) throws IOException {
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
