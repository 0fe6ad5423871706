package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.mlx.NativeTest;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** States of a tiny model from two processes: of 240 records, eight shards. */
@NativeTest
class RankedStatesTest {
  @TempDir private Path folder;

  /** The other has loaded its model before rank 0 starts: it reaches rank 0 through this test. */
  @Test
  void statesOfTwoRanks_areTheBytesOfOne() throws Exception {
    CommandFolder.model(folder.resolve("model"));
    ScoredRecords.write(folder.resolve("qa.jsonl"), 240);
    ProgramRun run = ProgramRun.of(folder, "", states("one"));
    assertEquals(0, run.code(), run.err());
    try (RankProcesses ranks = new RankProcesses(folder);
        ServerSocket between = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Process other = ranks.start(1, 2, between.getLocalPort(), states("none"));
      int port = RankProcesses.freePort();
      try (Socket theirs = between.accept()) {
        Process first = ranks.start(0, 2, port, states("two"));
        try (Socket ours = connected(port, first)) {
          passOn(theirs, ours);
          passOn(ours, theirs);
          ranks.ended(first, 0, 0);
          String said = ranks.ended(other, 0, 1);
          assertTrue(said.matches("(?s).*rank 1: [1-9][0-9]* samples done for rank 0.*"), said);
        }
      }
    }
    for (String file : List.of("states.safetensors", "index.jsonl", "states.json")) {
      assertArrayEquals(
          Files.readAllBytes(folder.resolve("one").resolve(file)),
          Files.readAllBytes(folder.resolve("two").resolve(file)),
          file);
    }
    assertTrue(Files.notExists(folder.resolve("none")), "the other rank writes no folder");
  }

  private static Socket connected(int port, Process first) throws IOException {
    while (true) {
      try {
        return new Socket(InetAddress.getLoopbackAddress(), port);
      } catch (ConnectException notYet) {
        assertTrue(first.isAlive(), "rank 0 has ended");
        Thread.onSpinWait();
      }
    }
  }

  private static void passOn(Socket from, Socket to) {
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                from.getInputStream().transferTo(to.getOutputStream());
                to.shutdownOutput();
              } catch (IOException over) {
                // One of the two has ended.
              }
            });
  }

  private String[] states(String out) {
    return new String[] {
      "states",
      folder.resolve("model").toString(),
      "--data",
      folder.resolve("qa.jsonl").toString(),
      "--task",
      "qa",
      "--out",
      folder.resolve(out).toString()
    };
  }
}
