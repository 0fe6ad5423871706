package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.mlx.ChildJvm;
import dev.hbar.mlx.NativeTest;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One model spread over processes on this machine, and the same model in one. */
@NativeTest
final class TensorParallelTest {
  /** Sums are taken in another order: a few float32 roundings, relative to the largest logit. */
  private static final double BOUND = 2e-5;

  /** Packed and not, with biases and head norms, fused projections, single and stacked experts. */
  private static final List<String> FIXTURES =
      List.of(
          "llama_tied",
          "biases",
          "qwen2_bias_massive",
          "qwen3_qknorm",
          "phi3_plain",
          "phi3_fused_mixed",
          "mixtral_window",
          "qwen2_moe_raw",
          "qwen3_moe_raw");

  @TempDir private Path place;

  @Test
  void twoProcesses_computeWhatOneDoes() throws Exception {
    List<Path> checkpoints = new ArrayList<>();
    for (String name : FIXTURES) {
      checkpoints.add(Fixture.named(name).folder());
    }
    List<ChildJvm.Result> ends = ranks(2, arguments(checkpoints));
    for (int i = 0; i < FIXTURES.size(); i++) {
      if (FIXTURES.get(i).equals("phi3_fused_mixed")) {
        String said = ends.getFirst().output();
        assertTrue(said.contains("groups of a packed matrix, which 2 ranks cannot share"), said);
        continue;
      }
      requireSame(checkpoints.get(i), i + 1, 2);
    }
  }

  @Test
  void fourProcesses_computeWhatOneDoes() throws Exception {
    Path seeded = new SeededCheckpoint().write(place.resolve("seeded"));
    List<ChildJvm.Result> ends =
        ranks(4, arguments(List.of(seeded, Fixture.named("llama_tied").folder())));
    requireSame(seeded, 1, 4);
    for (ChildJvm.Result end : ends) {
      assertTrue(end.output().contains("num_key_value_heads"), end.output());
    }
  }

  @Test
  void familyThatCannotBeSpread_isRefusedByName() throws Exception {
    List<ChildJvm.Result> ends =
        ranks(2, arguments(List.of(Fixture.named("nemotron_h_moe").folder())));
    assertTrue(
        ends.getLast().output().contains("nemotron_h cannot be spread over ranks yet"),
        ends.toString());
  }

  private void requireSame(Path checkpoint, int number, int ranks) throws IOException {
    TensorRank.Found one = TensorRank.decoded(checkpoint, Optional.empty());
    float[][] first = TensorRank.read(place.resolve("out/" + number + ".0")).logits();
    for (int step = 0; step < TensorRank.STEPS; step++) {
      String what = checkpoint.getFileName() + ", step " + step;
      double scale = Closeness.scale(one.logits()[step]);
      new Closeness(BOUND * scale, 0).require(what, one.logits()[step], first[step]);
      assertEquals(TensorRank.best(one.logits()[step]), TensorRank.best(first[step]), what);
    }
    for (int rank = 0; rank < ranks; rank++) {
      TensorRank.Found found = TensorRank.read(place.resolve("out/" + number + "." + rank));
      assertTrue(found.bytes() < one.bytes(), rank + " holds " + found.bytes());
      for (int step = 0; step < TensorRank.STEPS; step++) {
        assertArrayEquals(first[step], found.logits()[step], "ranks must choose alike");
      }
    }
  }

  private String[] arguments(List<Path> checkpoints) throws IOException {
    Path out = Files.createDirectories(place.resolve("out"));
    return Stream.concat(Stream.of(out), checkpoints.stream())
        .map(Path::toString)
        .toArray(String[]::new);
  }

  private List<ChildJvm.Result> ranks(int count, String... arguments) throws Exception {
    List<ChildJvm.Result> ends = started(count, arguments);
    ends.forEach(end -> end.requireExit(0));
    return ends;
  }

  private List<ChildJvm.Result> started(int count, String... arguments) throws Exception {
    Path hosts = place.resolve("hosts.json");
    Files.writeString(
        hosts,
        freePorts(count).stream()
            .map(port -> "[\"127.0.0.1:" + port + "\"]")
            .collect(Collectors.joining(",", "[", "]")));
    List<Future<ChildJvm.Result>> children = new ArrayList<>();
    // A thread for each: members of a ring wait for each other.
    try (ExecutorService threads = Executors.newFixedThreadPool(count)) {
      for (int rank = 0; rank < count; rank++) {
        ChildJvm child =
            ChildJvm.in(Files.createDirectory(place.resolve("rank" + rank)))
                .withEnvironment(
                    Map.of("MLX_RANK", String.valueOf(rank), "MLX_HOSTFILE", hosts.toString()));
        children.add(threads.submit(() -> child.run(TensorRank.class, arguments)));
      }
    }
    List<ChildJvm.Result> ends = new ArrayList<>();
    for (Future<ChildJvm.Result> child : children) {
      ends.add(child.get());
    }
    return ends;
  }

  private static List<Integer> freePorts(int count) throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    while (sockets.size() < count) {
      sockets.add(new ServerSocket(0));
    }
    List<Integer> ports = sockets.stream().map(ServerSocket::getLocalPort).toList();
    for (ServerSocket socket : sockets) {
      socket.close();
    }
    return ports;
  }
}
