package dev.hbar.study.ranks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.study.scores.TestRuns;
import dev.hbar.study.scoring.SampleRunner;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whoever connects and is no rank of the run. */
class StrangersTest extends LocalRanks {
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
    "'{\"kind\":\"FOUND\",\"text\":\"\",\"start\":0,\"count\":0}\n', said FOUND where NONCE must come",
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
  void moreThanSixteenStrangers_areSentAwayAndTheRunGoesOn() throws Exception {
    List<Socket> strangers = new ArrayList<>();
    Runnable come =
        () -> {
          for (int i = 0; i < 16; i++) {
            strangers.add(connected());
          }
          // Heard by nobody: there is no room for a seventeenth.
          stranger(new byte[0]);
          assertEquals(List.of(), List.copyOf(said));
          strangers.forEach(StrangersTest::close);
        };
    assertArrayEquals(
        alone, scored(Optional.of(ranks(0, 2, SECRET)), once(come, this::afterComplaint)));
    assertTrue(said.take().endsWith("is refused: it closed the connection"));
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
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
}
