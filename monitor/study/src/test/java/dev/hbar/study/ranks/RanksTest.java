package dev.hbar.study.ranks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.study.scores.TestRuns;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ranks that do what they should, or end. */
class RanksTest extends LocalRanks {
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
  void rankThatFallsSilentOverAGroup_isGivenUp() throws Exception {
    Ranks other = ranks(1, 2, SECRET).within(limits(1, 60));
    Thread.ofVirtual().start(() -> takeAGroup(other, Peer::host));
    Ranks first = ranks(0, 2, SECRET).within(limits(1, 60));
    assertArrayEquals(alone, scored(Optional.of(first), this::afterOthers));
    assertEquals(
        "rank 1 at 127.0.0.1 is gone (was silent for 1 s); its 4 samples are taken up by the others",
        said.take());
  }

  /** The usual patience is a minute. */
  @Test
  @Timeout(45)
  void rankThatLivesButDoesNotFinish_isGivenUp() throws Exception {
    Ranks other = ranks(1, 2, SECRET);
    Thread.ofVirtual().start(() -> takeAGroup(other, Peer::beat));
    Ranks first = ranks(0, 2, SECRET).within(limits(30, 1));
    assertArrayEquals(alone, scored(Optional.of(first), this::afterOthers));
    assertEquals(
        "rank 1 at 127.0.0.1 is gone (took too long); its 4 samples are taken up by the others",
        said.take());
  }

  private static Ranks.Limits limits(int silence, int patience) {
    return new Ranks.Limits(Duration.ofSeconds(silence), Duration.ofSeconds(patience));
  }

  /** A rank that proves what it is, takes a group and sends nothing of it. */
  private void takeAGroup(Ranks ranks, Consumer<Peer> then) {
    while (true) {
      try (Peer peer = new Peer(connected(), Duration.ofMinutes(1))) {
        String nonce = Secret.nonce();
        peer.send(new Message(Message.Kind.NONCE, nonce, ranks.rank(), 0));
        String theirs = peer.receive(Peer.SHORT, () -> false).text();
        String proof = "other " + ranks.rank() + " " + nonce + " " + theirs;
        peer.send(Message.of(Message.Kind.PROOF, ranks.secret().proof(proof)));
        peer.receive(Peer.SHORT, () -> false);
        peer.send(peer.receive(Peer.LONG, () -> false).require(Message.Kind.RUN));
        peer.receive(Peer.LONG, () -> false).require(Message.Kind.GROUP);
        othersAtWork.countDown();
        then.accept(peer);
        peer.receive(Peer.LONG, () -> false);
      } catch (IOException | AssertionError notYetOrOver) {
        if (othersAtWork.getCount() == 0) {
          return;
        }
        Thread.onSpinWait();
      }
    }
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
                            OtherRank.Work.scoring(
                                TestRuns.header(),
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
}
