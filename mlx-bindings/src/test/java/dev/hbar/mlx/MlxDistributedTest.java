package dev.hbar.mlx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.mlx.MlxDistributed.Backend;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A process that was launched alone, and two real ones in a ring on this machine. */
@NativeTest
class MlxDistributedTest {
  @TempDir private Path folder;

  @Test
  void processLaunchedAlone_isAGroupOfOne() {
    MlxGroup group = MlxDistributed.init();
    assertEquals(0, group.rank());
    assertEquals(1, group.size());
    try (MlxScope s = MlxScope.open("alone")) {
      MlxArray x = s.floats(new float[] {1, 2, 3}, 3);
      assertArrayEquals(new float[] {1, 2, 3}, s.distributed().allSum(x, group).toFloats());
      assertArrayEquals(new float[] {1, 2, 3}, s.distributed().allMax(x, group).toFloats());
      assertArrayEquals(new float[] {1, 2, 3}, s.distributed().allMin(x, group).toFloats());
      assertArrayEquals(new float[] {1, 2, 3}, s.distributed().allGather(x, group).toFloats());
      assertArrayEquals(new float[] {1, 2, 3}, s.distributed().sumScatter(x, group).toFloats());
      assertThrows(MlxException.class, () -> s.distributed().receiveLike(x, 0, group));
      assertThrows(MlxException.class, () -> s.distributed().send(x, 0, group));
      assertThrows(
          MlxException.class, () -> s.distributed().receive(DType.FLOAT32, List.of(3), 0, group));
    }
    assertThrows(MlxException.class, () -> group.split(0, -1));
  }

  /** Also after a set-up of any backend, which leaves a group of one behind in MLX. */
  @ParameterizedTest
  @EnumSource(Backend.class)
  void backendThatCannotBeSetUp_isAnAnswerInOneLine(Backend backend) {
    MlxDistributed.init();
    MlxException refused = assertThrows(MlxException.class, () -> MlxDistributed.init(backend));
    assertEquals("mlx_distributed_init", refused.function());
    assertFalse(refused.getMessage().contains("\n"), refused.getMessage());
  }

  @Test
  void plainTcp_isAvailableEverywhere() {
    assertTrue(MlxDistributed.isAvailable(Backend.RING));
  }

  @Test
  void twoProcesses_exchangeOverTheRing() throws Exception {
    List<ChildJvm.Result> ends = inARing("exchange");
    ends.forEach(end -> end.requireExit(0));
    assertTrue(ends.getFirst().output().contains("rank 0 of 2 is done"), ends.toString());
    assertTrue(ends.getLast().output().contains("rank 1 of 2 is done"), ends.toString());
  }

  @Test
  void lostPeer_isAnErrorAndPoisonsTheScope() throws Exception {
    List<ChildJvm.Result> ends = inARing("lost");
    ends.forEach(end -> end.requireExit(0));
    assertTrue(ends.getFirst().output().contains("connection to a peer was lost"));
  }

  @Test
  void launchedAsOneOfSeveralWithoutHosts_saysWhatIsMissing() throws Exception {
    ChildJvm.Result end =
        ChildJvm.in(Files.createDirectory(folder.resolve("a")))
            .withEnvironment(Map.of("MLX_RANK", "1"))
            .run(RingMember.class, "refused");
    end.requireExit(0);
    assertTrue(end.output().contains("MLX_HOSTFILE"), end.output());
  }

  private List<ChildJvm.Result> inARing(String scene) throws Exception {
    Path hosts = folder.resolve("hosts.json");
    List<Integer> ports = freePorts(2);
    Files.writeString(
        hosts, "[[\"127.0.0.1:%d\"], [\"127.0.0.1:%d\"]]".formatted(ports.get(0), ports.get(1)));
    List<Future<ChildJvm.Result>> children = new ArrayList<>();
    // A thread for each: members of a ring wait for each other.
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      for (int rank = 0; rank < 2; rank++) {
        Map<String, String> place =
            Map.of("MLX_RANK", String.valueOf(rank), "MLX_HOSTFILE", hosts.toString());
        ChildJvm child =
            ChildJvm.in(Files.createDirectory(folder.resolve("rank" + rank)))
                .withEnvironment(place);
        children.add(threads.submit(() -> child.run(RingMember.class, scene)));
      }
    }
    return List.of(children.getFirst().get(), children.getLast().get());
  }

  private static List<Integer> freePorts(int count) throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    List<Integer> ports = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      sockets.add(new ServerSocket(0));
      ports.add(sockets.getLast().getLocalPort());
    }
    for (ServerSocket socket : sockets) {
      socket.close();
    }
    return ports;
  }
}
