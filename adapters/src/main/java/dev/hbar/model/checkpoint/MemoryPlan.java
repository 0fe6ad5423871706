package dev.hbar.model.checkpoint;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.safetensors.TensorInfo;
import dev.hbar.model.layer.RecurrentState;
import dev.hbar.model.layer.StateKind;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * How many bytes a model will take, reckoned before anything is loaded: on a CPU, running out of
 * memory ends the process without an exception.
 *
 * @param weights bytes of the weights in the form they are computed with
 * @param kvCache bytes that the layers keep at full context: keys and values, and other states
 * @param activations estimate for the largest step, the prefill of one chunk
 */
public record MemoryPlan(long weights, long kvCache, long activations) {
  private static final long MIB = 1 << 20;

  /**
   * What is planned for.
   *
   * @param contextLength prompt and new tokens together, per sequence
   * @param sequences decoded together
   * @param prefillChunk most tokens in one forward pass, over all sequences
   * @param computeDType of activations, cache and dense weights
   * @param form of the matrices
   * @param states what each layer keeps
   */
  public record Request(
      int contextLength,
      int sequences,
      int prefillChunk,
      DType computeDType,
      WeightForm form,
      List<StateKind> states) {
    /** Copies the list. */
    public Request {
      states = List.copyOf(states);
    }

    /** Most positions that a layer holds of a sequence: with a window, it and one pass. */
    private long positions(OptionalInt window) {
      long all = StateKind.KeysAndValues.capacity(contextLength);
      long pass = Math.min(contextLength, Math.max(1, prefillChunk / sequences));
      long size = window.orElse(Integer.MAX_VALUE);
      return contextLength <= size
          ? Math.min(all, size)
          : Math.max(size, Math.min(contextLength, size - 1 + pass));
    }

    private long mostPositions() {
      return StateKind.windows(states).stream().mapToLong(this::positions).max().orElse(0);
    }

    /** Bytes that a layer keeps of one sequence. */
    private long kept(StateKind state) {
      return switch (state) {
        case StateKind.KeysAndValues both ->
            product(
                positions(both.window()),
                both.heads(),
                both.keyDim() + both.valueDim(),
                computeDType.itemSize());
        case StateKind.Recurrent fixed ->
            fixed.parts().stream().mapToLong(Request::bytes).reduce(0, Math::addExact);
      };
    }

    private static long bytes(RecurrentState.Part part) {
      long elements = part.shape().stream().mapToLong(size -> size).reduce(1, Math::multiplyExact);
      return Math.multiplyExact(elements, (long) part.dtype().itemSize());
    }
  }

  /**
   * The plan for one model.
   *
   * @throws CheckpointException when the sum is more than a long can count, or the numbers of a
   *     packed tensor are not in the config
   */
  public static MemoryPlan of(ModelConfig config, WeightFiles files, Request request) {
    try {
      return new MemoryPlan(
          weights(config, files, request), kvCache(request), activations(config, request));
    } catch (ArithmeticException e) {
      throw new CheckpointException(
          "the memory plan exceeds all bounds, in %s: ask for a shorter context"
              .formatted(config.file()),
          e);
    }
  }

  /** All of it, in bytes. */
  public long total() {
    return Math.addExact(Math.addExact(weights, kvCache), activations);
  }

  /**
   * Call before loading.
   *
   * @param limit bytes that may be used
   * @throws CheckpointException with the sum, its parts and the limit
   */
  public void requireWithin(long limit) {
    if (total() > limit) {
      throw new CheckpointException(
          "the model needs %s, more than the limit of %s MiB: shorten the context, raise what limits this process (ulimit -v, container) or use a smaller checkpoint"
              .formatted(this, limit / MIB));
    }
  }

  /** The parts and their sum in MiB. */
  @Override
  public String toString() {
    return "%s MiB (weights %s, cache %s, activations %s)"
        .formatted(total() / MIB, weights / MIB, kvCache / MIB, activations / MIB);
  }

  private static long weights(ModelConfig config, WeightFiles files, Request request) {
    long sum = 0;
    for (Map.Entry<String, WeightFiles.Location> entry : files.locations().entrySet()) {
      TensorInfo tensor = entry.getValue().tensor();
      boolean packed = files.find(path(entry.getKey()) + ".scales").isPresent();
      boolean unpacked =
          packed
              && (!keeps(config, request.form(), tensor)
                  || files.adapter().paths().contains(path(entry.getKey())));
      long bytes = weight(config, unpacked, tensor, request);
      sum = Math.addExact(sum, Math.ceilDiv(bytes, files.shares().partsOf(entry.getKey())));
    }
    return sum;
  }

  /** Whether the packed matrix that the tensor is part of stays so. */
  private static boolean keeps(ModelConfig config, WeightForm form, TensorInfo tensor) {
    boolean stacked = tensor.shape().size() > 2 || tensor.name().contains(".experts.");
    return stacked ? form.keepsStacks() : form.keeps(packing(config, path(tensor.name())));
  }

  private static String path(String name) {
    return name.substring(0, Math.max(0, name.lastIndexOf('.')));
  }

  private static long weight(
      ModelConfig config, boolean unpacked, TensorInfo tensor, Request request) {
    String name = tensor.name();
    boolean companion = name.endsWith(".scales") || name.endsWith(".biases");
    int itemSize = request.computeDType().itemSize();
    if (unpacked) {
      return companion
          ? 0
          : Math.multiplyExact(unpackedElements(config, path(name), tensor), (long) itemSize);
    }
    return tensor.dtype().isFloating()
        ? Math.multiplyExact(tensor.elements(), (long) itemSize)
        : tensor.byteSize();
  }

  private static long unpackedElements(ModelConfig config, String path, TensorInfo tensor) {
    if (!tensor.name().endsWith(".weight")) {
      return tensor.elements();
    }
    return Math.multiplyExact(tensor.byteSize(), 8L) / packing(config, path).bits();
  }

  private static Quantization packing(ModelConfig config, String path) {
    return config
        .quantization()
        .flatMap(all -> all.forPath(path))
        .orElseThrow(
            () ->
                CheckpointException.inField(
                    config.file(),
                    "quantization." + path,
                    path + " has scales, but the config says it is not quantized",
                    "download the checkpoint again"));
  }

  private static long kvCache(Request request) {
    long each = request.states().stream().mapToLong(request::kept).reduce(0, Math::addExact);
    return Math.multiplyExact(each, (long) request.sequences());
  }

  private static long activations(ModelConfig config, Request request) {
    long rows =
        Math.min(product(request.contextLength(), request.sequences()), request.prefillChunk());
    long heads = (2L * config.heads() + 2L * config.kvHeads()) * config.headDim();
    long perRow = 6L * config.hiddenSize() + 3L * config.intermediateSize() + heads;
    // The fused kernel needs no score matrix, but it is not there for every head size.
    long scores = product(rows, config.heads(), request.mostPositions());
    long logits = product(2, config.vocabSize(), request.sequences());
    long values = Math.addExact(product(rows, perRow), Math.addExact(scores, logits));
    return product(values, Math.max(4, request.computeDType().itemSize()));
  }

  private static long product(long... factors) {
    long product = 1;
    for (long factor : factors) {
      product = Math.multiplyExact(product, factor);
    }
    return product;
  }
}
