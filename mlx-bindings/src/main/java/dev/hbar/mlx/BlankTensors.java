package dev.hbar.mlx;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Zeros for tensors that are about to be read. MLX gives out memory only by computing, and on a CPU
 * each stream computes on one thread; touching new pages costs that thread more than reading the
 * file does. So the tensors go to a few streams in turn. The streams are made once, as they live as
 * long as the process. Owner thread only.
 */
final class BlankTensors {
  /** Few, as each is a native thread that is never given back. */
  private static final int MAX_STREAMS = 4;

  private static final List<MlxStream> EXTRA = new ArrayList<>();

  private final List<MlxStream> streams;
  private int next;

  private BlankTensors(List<MlxStream> streams) {
    this.streams = streams;
  }

  /** On the device that operations go to now; a GPU needs one stream only. */
  static BlankTensors here() {
    MlxStream current = MlxStream.current();
    if (current.device() != Device.CPU) {
      return new BlankTensors(List.of(current));
    }
    int wanted = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, MAX_STREAMS);
    while (EXTRA.size() < wanted - 1) {
      EXTRA.add(MlxStream.create(Device.CPU));
    }
    return new BlankTensors(Stream.concat(Stream.of(current), EXTRA.stream()).toList());
  }

  /** Zeros of a tensor's shape and type, not yet evaluated, owned by {@code scope}. */
  MlxArray zeros(MlxScope scope, StoredTensor tensor) {
    int[] shape = tensor.shape().stream().mapToInt(Integer::intValue).toArray();
    return streams
        .get(next++ % streams.size())
        .call(() -> scope.ops().zeros(tensor.dtype(), shape));
  }
}
