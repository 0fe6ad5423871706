package dev.hbar.mlx;

import dev.hbar.mlx.MlxDistributed.Backend;
import java.util.Arrays;
import java.util.List;

/** One process of a ring, for a child JVM; its rank and the hosts are in its environment. */
final class RingMember {
  private RingMember() {}

  public static void main(String[] arguments) {
    MlxThread.run(
        () -> {
          switch (arguments[0]) {
            case "exchange" -> exchange(MlxDistributed.init());
            case "lost" -> lost(MlxDistributed.init(Backend.RING));
            case "refused" -> refused();
            default -> throw new IllegalArgumentException(arguments[0]);
          }
        });
  }

  private static void exchange(MlxGroup group) {
    int rank = group.rank();
    require(group.size() == 2 && MlxDistributed.init(Backend.RING).rank() == rank);
    try (MlxScope s = MlxScope.open("exchange")) {
      MlxDistributed ring = s.distributed();
      MlxArray x = s.floats(new float[] {rank + 1, 10, -rank}, 3);
      require(Arrays.equals(ring.allSum(x, group).toFloats(), new float[] {3, 20, -1}));
      require(Arrays.equals(ring.allMax(x, group).toFloats(), new float[] {2, 10, 0}));
      require(Arrays.equals(ring.allMin(x, group).toFloats(), new float[] {1, 10, -1}));
      require(
          Arrays.equals(ring.allGather(x, group).toFloats(), new float[] {1, 10, 0, 2, 10, -1}));
      MlxArray large = s.ops().broadcastTo(s.scalar(rank + 1, DType.FLOAT32), 1000, 1000);
      require(
          s.ops().sum(s.ops().sum(ring.allSum(large, group), 0, false), 0, false).item() == 3e6);
      passOn(s, group);
      requireRefused(() -> group.split(0, -1));
      requireRefused(() -> ring.send(x, 2, group));
    }
    require(Mlx.liveArrays() == 0);
    System.out.println("rank " + rank + " of " + group.size() + " is done");
  }

  /** Rank 0 sends two numbers, rank 1 sends back twice as much. */
  private static void passOn(MlxScope s, MlxGroup group) {
    MlxDistributed ring = s.distributed();
    if (group.rank() == 0) {
      s.eval(ring.send(s.ints(new int[] {4, 5}, 2), 1, group));
      MlxArray like = s.ints(new int[2], 2);
      MlxArray back = ring.receiveLike(like, 1, group);
      require(Arrays.equals(back.toInts(), new int[] {8, 10}));
    } else {
      MlxArray got = ring.receive(DType.INT32, List.of(2), 0, group);
      s.eval(ring.send(s.ops().add(got, got), 0, group));
    }
  }

  private static void lost(MlxGroup group) {
    if (group.rank() == 1) {
      return;
    }
    try (MlxScope s = MlxScope.open("lost")) {
      MlxArray x = s.floats(new float[] {1}, 1);
      MlxArray sum = s.distributed().allSum(x, group);
      requireRefused(() -> s.eval(sum));
      requireRefused(x::toFloats);
    }
  }

  private static void refused() {
    requireRefused(MlxDistributed::init);
  }

  private static void requireRefused(Runnable attempt) {
    try {
      attempt.run();
    } catch (MlxException refused) {
      System.out.println(refused.getMessage());
      return;
    }
    throw new AssertionError("nothing was refused");
  }

  private static void require(boolean holds) {
    if (!holds) {
      throw new AssertionError("wrong answer");
    }
  }
}
