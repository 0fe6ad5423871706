package dev.hbar.mlx;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Inputs on which MLX itself crashes, reads foreign memory or answers nonsense, tried through the
 * public API. A child JVM runs them: each must end in a Java exception before any harm.
 */
final class RefusedInputs {
  private static final int HUGE = 1 << 30;

  private RefusedInputs() {}

  /** Something that must throw. */
  @FunctionalInterface
  private interface Attempt {
    Object on(MlxScope s);
  }

  public static void main(String[] groups) {
    MlxThread.run(
        () -> {
          for (String group : groups) {
            group(group).forEach(RefusedInputs::requireRefused);
          }
        });
  }

  /** Says first what it tries, so that a crash has a name. */
  private static void requireRefused(String name, Attempt attempt) {
    System.out.println("trying " + name);
    try (MlxScope s = MlxScope.open(name)) {
      Object answer = attempt.on(s);
      throw new AssertionError(name + " was accepted: " + answer);
    } catch (IllegalArgumentException
        | IllegalStateException
        | ArithmeticException
        | MlxException refused) {
      System.out.println("  " + refused.getMessage());
    }
  }

  private static Map<String, Attempt> group(String name) {
    return switch (name) {
      case "sizes" -> sizes();
      case "pieces" -> pieces();
      case "packed" -> packed();
      case "kernels" -> kernels();
      case "lifetime" -> lifetime();
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static Map<String, Attempt> sizes() {
    Map<String, Attempt> all = new LinkedHashMap<>();
    all.put("short data", s -> s.floats(new float[3], 4));
    all.put("long data", s -> s.ints(new int[5], 4));
    all.put("short bytes", s -> s.bytes(ByteBuffer.allocate(7), DType.FLOAT16, 4));
    all.put("negative dimension", s -> s.floats(new float[0], -1));
    all.put("two negative dimensions", s -> s.floats(new float[4], -2, -2));
    all.put("product that wraps", s -> s.floats(new float[0], HUGE, HUGE, 16));
    all.put("huge zeros", s -> s.ops().zeros(DType.FLOAT32, HUGE, HUGE, HUGE));
    all.put("negative zeros", s -> s.ops().zeros(DType.FLOAT32, -4));
    all.put("a terabyte of zeros", s -> s.ops().zeros(DType.FLOAT32, 1 << 19, 1 << 19).toBytes());
    all.put(
        "a terabyte of ones", s -> s.ops().full(one(s), DType.FLOAT32, 1 << 19, 1 << 19).toBytes());
    all.put("huge broadcast", s -> s.ops().broadcastTo(one(s), HUGE, HUGE, HUGE));
    all.put("huge random", s -> s.random().normal(s.random().key(1), DType.FLOAT32, HUGE, HUGE));
    all.put(
        "negative random", s -> s.random().normal(s.random().key(1), DType.FLOAT32, -2).toFloats());
    all.put("reshape to a product that wraps", s -> s.ops().reshape(none(s), HUGE, HUGE, 16));
    all.put("reshape to another size", s -> s.ops().reshape(row(s), 3));
    all.put("reshape to negative", s -> s.ops().reshape(row(s), -2, -2));
    all.put("huge repeat", s -> s.ops().repeat(row(s), Integer.MAX_VALUE, 0).toFloats());
    all.put("negative repeat", s -> s.ops().repeat(row(s), -1, 0).toFloats());
    all.put(
        "view of half an element",
        s -> s.ops().view(s.bytes(three(), DType.UINT8, 3), DType.INT32));
    return all;
  }

  private static Map<String, Attempt> pieces() {
    Map<String, Attempt> all = new LinkedHashMap<>();
    all.put("slice beyond the end", s -> s.ops().slice(row(s), at(2), at(5)));
    all.put("slice before the start", s -> s.ops().slice(row(s), at(-1), at(2)));
    all.put("slice backwards", s -> s.ops().slice(row(s), at(3), at(2)));
    all.put("slice of another rank", s -> s.ops().slice(row(s), new int[2], new int[] {1, 1}));
    all.put("update that would broadcast", s -> update(s, s.floats(new float[1], 1), 0, 2));
    all.put("update of another type", s -> update(s, s.ops().zeros(DType.FLOAT16, 2), 0, 2));
    all.put("update beyond the end", s -> update(s, s.floats(new float[2], 2), 3, 5));
    all.put("no arrays to join", s -> s.ops().concatenate(0));
    all.put("no arrays to stack", s -> s.ops().stack(0));
    all.put("join along no axis", s -> s.ops().concatenate(3, row(s), row(s)));
    all.put("sum over no axis", s -> s.ops().sum(row(s), 4, false));
    all.put("argmax over nothing", s -> s.ops().argmax(none(s), 0, false).itemInt());
    all.put("softmax over no axis", s -> s.ops().softmax(row(s), -3));
    all.put("sort over no axis", s -> s.ops().sort(row(s), 2));
    all.put("more top values than there are", s -> s.ops().topk(row(s), 9, 0).toFloats());
    all.put("fewer top values than none", s -> s.ops().topk(row(s), -1, 0).toFloats());
    all.put("partition at no element", s -> s.ops().argpartition(row(s), 9, 0).toInts());
    all.put("take along no axis", s -> s.ops().take(row(s), s.ints(at(0), 1), 5));
    all.put("squeeze of a wide axis", s -> s.ops().squeeze(row(s), 0));
    all.put("transpose with an axis twice", s -> s.ops().transpose(square(s), 0, 0));
    all.put("transpose with an axis left out", s -> s.ops().transpose(square(s), 0));
    all.put("swap with no axis", s -> s.ops().swapaxes(row(s), 0, 7));
    all.put("expand at no axis", s -> s.ops().expandDims(row(s), 9));
    all.put("matmul that does not fit", s -> s.ops().matmul(row(s), square(s)));
    all.put("item of many", s -> row(s).item());
    all.put("integer item of none", s -> none(s).itemInt());
    return all;
  }

  private static Map<String, Attempt> packed() {
    Map<String, Attempt> all = new LinkedHashMap<>();
    for (int bits : new int[] {0, 1, 7, 16, -4}) {
      all.put("bits " + bits, s -> quantized(s, 32, bits));
    }
    for (int group : new int[] {0, 16, 48, 256, -32}) {
      all.put("group " + group, s -> quantized(s, group, 4));
    }
    all.put(
        "scales of fewer rows", s -> with(s, w -> s.ops().slice(w, new int[2], new int[] {4, 4})));
    all.put("scales in one row", s -> with(s, w -> s.ops().reshape(w, 32)));
    all.put(
        "scales of too few groups",
        s -> with(s, w -> s.ops().slice(w, new int[2], new int[] {8, 2})));
    all.put(
        "weights of another type",
        s -> {
          QuantizedWeight good = quantized(s, 32, 4);
          MlxArray ints = s.ops().view(good.weight(), DType.INT32);
          return new QuantizedWeight(ints, good.scales(), good.biases(), 32, 4, good.mode());
        });
    all.put(
        "no biases",
        s -> {
          QuantizedWeight good = quantized(s, 32, 4);
          return new QuantizedWeight(
              good.weight(), good.scales(), Optional.empty(), 32, 4, good.mode());
        });
    all.put(
        "input of another width",
        s -> s.quantized().quantizedMatmul(square(s), quantized(s, 32, 4)).toFloats());
    all.put(
        "rows that do not fill groups",
        s -> s.quantized().quantize(square(s), 32, 4, QuantizationMode.AFFINE));
    return all;
  }

  private static Map<String, Attempt> kernels() {
    Map<String, Attempt> all = new LinkedHashMap<>();
    for (float eps : new float[] {0f, -1f, 1f, Float.NaN}) {
      all.put("eps " + eps, s -> s.fast().rmsNorm(row(s), row(s), eps));
    }
    all.put("norm of another width", s -> s.fast().rmsNorm(square(s), row(s), 1e-5f));
    all.put("attention without key heads", s -> attention(s, 4, 0));
    all.put("attention without query heads", s -> attention(s, 0, 0));
    all.put("attention with heads that do not divide", s -> attention(s, 4, 3));
    all.put(
        "mask of a wider type",
        s -> {
          MlxArray q = s.ops().zeros(DType.FLOAT16, 1, 2, 2, 8);
          Mask mask = new Mask.Additive(s.ops().zeros(DType.FLOAT32, 2, 2));
          return s.fast().scaledDotProductAttention(q, q, q, 1f, mask).toFloats();
        });
    all.put(
        "mask that does not broadcast",
        s -> {
          MlxArray q = s.ops().zeros(DType.FLOAT32, 1, 2, 2, 8);
          Mask mask = new Mask.Additive(s.ops().zeros(DType.FLOAT32, 3, 5));
          return s.fast().scaledDotProductAttention(q, q, q, 1f, mask).toFloats();
        });
    for (int dims : new int[] {-2, 0, 7, 10}) {
      all.put(
          "rope over " + dims, s -> s.fast().rope(heads(s, 2), dims, false, 10f, 1f, 3).toFloats());
    }
    all.put("rope of a matrix", s -> s.fast().rope(square(s), 2, false, 10f, 1f, 3).toFloats());
    all.put(
        "rope with too few periods",
        s -> s.fast().rope(heads(s, 2), 8, false, row(s, 2), 1f, 3).toFloats());
    all.put(
        "rope with base and periods", s -> rope(s, Optional.of(10f), Optional.of(row(s, 4)), 1));
    all.put("rope with neither", s -> rope(s, Optional.empty(), Optional.empty(), 1));
    all.put("rope with too many offsets", s -> rope(s, Optional.of(10f), Optional.empty(), 3));
    all.put("key split into none", s -> s.random().split(s.random().key(1), -1).toInts());
    all.put(
        "draw with a short key", s -> s.random().normal(row(s, 1), DType.FLOAT32, 4).toFloats());
    all.put(
        "draw from no axis", s -> s.random().categorical(row(s), 5, s.random().key(1)).toInts());
    return all;
  }

  private static Map<String, Attempt> lifetime() {
    Map<String, Attempt> all = new LinkedHashMap<>();
    all.put("read after close", s -> closed(s).toFloats());
    all.put("operation after close", s -> s.ops().add(closed(s), row(s)));
    all.put("evaluation after close", s -> evaluated(s, closed(s)));
    all.put("shape after close", s -> closed(s).shape().length);
    all.put(
        "array of a closed scope",
        s -> {
          MlxScope child = s.child("child");
          MlxArray array = row(child);
          child.close();
          return s.ops().add(array, array);
        });
    all.put("scope after close", s -> row(closedScope(s)));
    all.put("child of a closed scope", s -> closedScope(s).child("late"));
    all.put("sealed scope", s -> row(sealed(s)));
    all.put("keep without a parent", s -> s.keep(row(s)));
    all.put("keep of another scope's array", s -> s.child("child").keep(row(s)));
    all.put("limit below zero", s -> MlxMemory.setCacheLimit(-1));
    return all;
  }

  private static MlxArray row(MlxScope s) {
    return row(s, 4);
  }

  private static MlxArray row(MlxScope s, int size) {
    return s.floats(new float[size], size);
  }

  private static MlxArray square(MlxScope s) {
    return s.floats(new float[9], 3, 3);
  }

  private static MlxArray one(MlxScope s) {
    return s.scalar(1f, DType.FLOAT32);
  }

  private static MlxArray none(MlxScope s) {
    return s.floats(new float[0], 0);
  }

  private static MlxArray heads(MlxScope s, int count) {
    return s.ops().zeros(DType.FLOAT32, 1, count, 3, 8);
  }

  private static int[] at(int position) {
    return new int[] {position};
  }

  private static ByteBuffer three() {
    return ByteBuffer.allocate(3);
  }

  private static MlxArray update(MlxScope s, MlxArray update, int start, int stop) {
    MlxArray target = row(s);
    s.ops().sliceUpdate(target, update, at(start), at(stop));
    return target;
  }

  private static QuantizedWeight quantized(MlxScope s, int group, int bits) {
    MlxArray w = s.ops().zeros(DType.FLOAT32, 8, 128);
    return s.quantized().quantize(w, group, bits, QuantizationMode.AFFINE);
  }

  /** A product with other scales than the weight's own. */
  private static float[] with(MlxScope s, UnaryOperator<MlxArray> change) {
    QuantizedWeight good = quantized(s, 32, 4);
    Optional<MlxArray> biases = good.biases().map(change);
    QuantizedWeight bad =
        new QuantizedWeight(good.weight(), change.apply(good.scales()), biases, 32, 4, good.mode());
    return s.quantized().dequantize(bad, DType.FLOAT32).toFloats();
  }

  private static float[] attention(MlxScope s, int heads, int keyHeads) {
    MlxArray k = heads(s, keyHeads);
    return s.fast().scaledDotProductAttention(heads(s, heads), k, k, 1f, Mask.NONE).toFloats();
  }

  private static float[] rope(
      MlxScope s, Optional<Float> base, Optional<MlxArray> periods, int offsets) {
    MlxArray first = s.ints(new int[offsets], offsets);
    return s.fast().rope(heads(s, 2), 8, false, base, 1f, first, periods).toFloats();
  }

  private static MlxArray closed(MlxScope s) {
    MlxArray array = row(s);
    array.close();
    array.close();
    return array;
  }

  private static MlxArray evaluated(MlxScope s, MlxArray array) {
    s.eval(array);
    return array;
  }

  private static MlxScope closedScope(MlxScope s) {
    MlxScope child = s.child("child");
    child.close();
    child.close();
    return child;
  }

  private static MlxScope sealed(MlxScope s) {
    MlxScope child = s.child("child");
    child.seal();
    return child;
  }
}
