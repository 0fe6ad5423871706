package dev.hbar.mlx;

import dev.hbar.mlx.internal.DistributedCalls;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/**
 * Arrays that several processes exchange. Every process of a group must make the same calls in the
 * same order, else they wait for each other for ever; so set-up blocks until all are there. In a
 * group of one the reductions return the array itself. An exchange runs when its result is
 * evaluated, and one with a lost peer is an error of that evaluation. Owner thread only.
 */
public final class MlxDistributed {
  /** How processes talk, in the order in which {@link #init()} tries; MLX's own names. */
  public enum Backend {
    /** CUDA devices. */
    NCCL,
    /** Plain TCP, everywhere: needs MLX_RANK and MLX_HOSTFILE, a JSON [["host:port"], ...]. */
    RING,
    /** Where libmpi is installed: needs mpirun. */
    MPI,
    /** RDMA over Thunderbolt between Macs. */
    JACCL;

    /** As MLX spells it. */
    String mlxName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final String LAUNCHED = "MLX_RANK";
  private final MlxScope scope;

  MlxDistributed(MlxScope scope) {
    this.scope = scope;
  }

  /** True when this MLX was built with the backend and finds its libraries. */
  public static boolean isAvailable(Backend backend) {
    MlxThread.requireOwner();
    return DistributedCalls.isAvailable(backend.mlxName());
  }

  /**
   * The group that this process was launched into, by the first backend that can be set up; a group
   * of one when it was launched alone.
   *
   * @throws MlxException when it was launched as one of several (MLX_RANK is set), yet no backend
   *     can be set up
   */
  public static MlxGroup init() {
    MlxThread.requireOwner();
    if (System.getenv(LAUNCHED) == null) {
      return new MlxGroup(DistributedCalls.initAny());
    }
    StringJoiner reasons = new StringJoiner("; ");
    for (Backend backend : Backend.values()) {
      try {
        return init(backend);
      } catch (MlxException refused) {
        reasons.add(refused.getMessage());
      }
    }
    throw new MlxException(
        "mlx_distributed_init", LAUNCHED + " is set, but no backend can be set up: " + reasons);
  }

  /**
   * The group that this process was launched into, by that backend and no other.
   *
   * @throws MlxException when the backend is absent, or what it needs is missing or wrong
   */
  public static MlxGroup init(Backend backend) {
    MlxThread.requireOwner();
    return init(backend, System.getenv());
  }

  static MlxGroup init(Backend backend, Map<String, String> environment) {
    if (!DistributedCalls.isAvailable(backend.mlxName())) {
      throw DistributedCalls.refused(
          backend.mlxName(), "this MLX is built without it, or its library is not installed");
    }
    if (backend == Backend.RING) {
      RingHosts.check(environment);
    }
    return new MlxGroup(DistributedCalls.init(backend.mlxName()));
  }

  /** The sum over all processes, in each: x of one shape and dtype everywhere. */
  public MlxArray allSum(MlxArray x, MlxGroup group) {
    return scope.adopt(DistributedCalls.allSum(x.handle(), group.handle()));
  }

  /** The largest value at each place over all processes, in each. */
  public MlxArray allMax(MlxArray x, MlxGroup group) {
    return scope.adopt(DistributedCalls.allMax(x.handle(), group.handle()));
  }

  /** The smallest value at each place over all processes, in each. */
  public MlxArray allMin(MlxArray x, MlxGroup group) {
    return scope.adopt(DistributedCalls.allMin(x.handle(), group.handle()));
  }

  /**
   * The sum over all processes, of which each keeps its part of axis 0, in rank order.
   *
   * @throws MlxException where the backend has no such exchange: the ring has none
   */
  public MlxArray sumScatter(MlxArray x, MlxGroup group) {
    return scope.adopt(DistributedCalls.sumScatter(x.handle(), group.handle()));
  }

  /**
   * The array that the process {@code source} sends, of the shape and type of {@code x}.
   *
   * @throws MlxException for a source outside the group, or a group of one
   */
  public MlxArray receiveLike(MlxArray x, int source, MlxGroup group) {
    return scope.adopt(DistributedCalls.receiveLike(x.handle(), source, group.handle()));
  }

  /** The arrays of all processes one after the other along axis 0, in rank order, in each. */
  public MlxArray allGather(MlxArray x, MlxGroup group) {
    return scope.adopt(DistributedCalls.allGather(x.handle(), group.handle()));
  }

  /**
   * Sends x to the process {@code destination}; the result is x, and the sending happens when it is
   * evaluated. A ring reaches its two neighbours only.
   *
   * @throws MlxException for a destination outside the group, or a group of one
   */
  public MlxArray send(MlxArray x, int destination, MlxGroup group) {
    return scope.adopt(DistributedCalls.send(x.handle(), destination, group.handle()));
  }

  /**
   * The array that the process {@code source} sends; shape and dtype must be those of the sender.
   *
   * @throws MlxException for a source outside the group, or a group of one
   */
  public MlxArray receive(DType dtype, List<Integer> shape, int source, MlxGroup group) {
    scope.requireUsable();
    int[] dims = shape.stream().mapToInt(Integer::intValue).toArray();
    return scope.adopt(DistributedCalls.receive(dtype, dims, source, group.handle()));
  }
}
