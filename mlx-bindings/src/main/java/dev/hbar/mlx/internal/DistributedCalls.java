package dev.hbar.mlx.internal;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.Device;
import dev.hbar.mlx.MlxException;
import dev.hbar.mlx.gen.distributed_group_h;
import dev.hbar.mlx.gen.distributed_h;
import java.lang.foreign.MemorySegment;

/**
 * Groups of processes and what they exchange. The exchange runs on a stream of the device that the
 * backend serves: only NCCL has kernels for a GPU.
 */
public final class DistributedCalls {
  private static final String INIT = "mlx_distributed_init";

  private DistributedCalls() {}

  @FunctionalInterface
  private interface Exchange {
    int call(MemorySegment out, MemorySegment x, MemorySegment group, MemorySegment stream);
  }

  public static boolean isAvailable(String backend) {
    return distributed_group_h.mlx_distributed_is_available(CStrings.constant(backend));
  }

  /** Strictly that backend, by MLX's name. */
  public static GroupHandle init(String backend) {
    MemorySegment slot = Slots.take();
    int status = distributed_group_h.mlx_distributed_init(slot, true, CStrings.constant(backend));
    GroupHandle group = group(INIT, slot, status, deviceOf(backend));
    if (backend.equals("jaccl") && group.size() == 1) {
      // Asked for any backend before, MLX noted its group of one as that of the last it tried.
      throw refused(backend, "an earlier set-up found none");
    }
    return group;
  }

  /** Whatever MLX finds, else a group of one. */
  public static GroupHandle initAny() {
    MemorySegment slot = Slots.take();
    MemorySegment any = CStrings.constant("any");
    int status = distributed_group_h.mlx_distributed_init(slot, false, any);
    return group(INIT, slot, status, Device.CPU);
  }

  public static GroupHandle split(GroupHandle group, int color, int key) {
    MemorySegment slot = Slots.take();
    int status = distributed_group_h.mlx_distributed_group_split(slot, group.struct(), color, key);
    return group("mlx_distributed_group_split", slot, status, group.device());
  }

  /** The error of a backend that cannot be set up. */
  public static MlxException refused(String backend, String reason) {
    return new MlxException(INIT, INIT + "(" + backend + "): " + reason);
  }

  public static ArrayHandle allSum(ArrayHandle x, GroupHandle group) {
    return exchange("mlx_distributed_all_sum", distributed_h::mlx_distributed_all_sum, x, group);
  }

  public static ArrayHandle allMax(ArrayHandle x, GroupHandle group) {
    return exchange("mlx_distributed_all_max", distributed_h::mlx_distributed_all_max, x, group);
  }

  public static ArrayHandle allMin(ArrayHandle x, GroupHandle group) {
    return exchange("mlx_distributed_all_min", distributed_h::mlx_distributed_all_min, x, group);
  }

  public static ArrayHandle allGather(ArrayHandle x, GroupHandle group) {
    return exchange(
        "mlx_distributed_all_gather", distributed_h::mlx_distributed_all_gather, x, group);
  }

  public static ArrayHandle sumScatter(ArrayHandle x, GroupHandle group) {
    return exchange(
        "mlx_distributed_sum_scatter", distributed_h::mlx_distributed_sum_scatter, x, group);
  }

  public static ArrayHandle receiveLike(ArrayHandle x, int source, GroupHandle group) {
    return exchange(
        "mlx_distributed_recv_like",
        (out, array, from, stream) ->
            distributed_h.mlx_distributed_recv_like(out, array, source, from, stream),
        x,
        group);
  }

  public static ArrayHandle send(ArrayHandle x, int destination, GroupHandle group) {
    return exchange(
        "mlx_distributed_send",
        (out, array, to, stream) ->
            distributed_h.mlx_distributed_send(out, array, destination, to, stream),
        x,
        group);
  }

  public static ArrayHandle receive(DType dtype, int[] shape, int source, GroupHandle group) {
    ArrayData.requireAllocatable(dtype, shape);
    MemorySegment dims = Scratch.ints(shape);
    MemorySegment stream = StreamCalls.defaultOf(group.device()).struct();
    return NativeCall.array(
        "mlx_distributed_recv",
        out ->
            distributed_h.mlx_distributed_recv(
                out, dims, shape.length, dtype.code(), source, group.struct(), stream));
  }

  private static ArrayHandle exchange(
      String function, Exchange exchange, ArrayHandle x, GroupHandle group) {
    MemorySegment stream = StreamCalls.defaultOf(group.device()).struct();
    return NativeCall.array(
        function, out -> exchange.call(out, x.struct(), group.struct(), stream), x);
  }

  private static GroupHandle group(String function, MemorySegment slot, int status, Device device) {
    boolean made = false;
    try {
      NativeCall.check(function, status);
      made = true;
    } finally {
      if (!made) {
        distributed_group_h.mlx_distributed_group_free(slot);
        Slots.give(slot);
      }
    }
    int rank = distributed_group_h.mlx_distributed_group_rank(slot);
    return new GroupHandle(
        slot, device, rank, distributed_group_h.mlx_distributed_group_size(slot));
  }

  private static Device deviceOf(String backend) {
    return backend.equals("nccl") ? Device.GPU : Device.CPU;
  }
}
