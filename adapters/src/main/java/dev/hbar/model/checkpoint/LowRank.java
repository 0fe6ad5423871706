package dev.hbar.model.checkpoint;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxOps;
import dev.hbar.mlx.MlxScope;
import dev.hbar.mlx.safetensors.SafetensorsHeader;
import dev.hbar.mlx.safetensors.SafetensorsLoader;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What an adapter adds to one weight W [rows, columns], or to a stack of them: {@code W + scale *
 * left @ right}, whose rows then get the lengths of {@code magnitude} where there is one (DoRA).
 *
 * @param file that holds the tensors
 * @param form how they lie in it
 * @param first name of {@code lora_a}
 * @param second name of {@code lora_b}
 * @param magnitude name of the lengths of the rows
 * @param scale factor of the product
 */
record LowRank(
    SafetensorsHeader file,
    Form form,
    String first,
    String second,
    Optional<String> magnitude,
    double scale) {

  /** How {@code lora_a} and {@code lora_b} lie. */
  enum Form {
    /** As mlx-lm: [columns, rank] and [rank, rows]; of an embedding the other way round. */
    MLX,
    /** As PEFT: [rank, columns] and [rows, rank]; also mlx-lm's of stacked experts. */
    TORCH,
    /** As PEFT for an embedding: [rank, rows] and [columns, rank]. */
    TORCH_EMBEDDING
  }

  /**
   * The weight with this on top, float32, of the caller's scope.
   *
   * @param name of the weight, for messages
   * @param weight its values, float32
   */
  MlxArray onTop(MlxScope scope, String name, MlxArray weight) {
    MlxOps ops = scope.ops();
    MlxArray a = floats(scope, first);
    MlxArray b = floats(scope, second);
    int[] shape = weight.shape();
    boolean flipped = form == Form.MLX && !embeds(shape, a, b) || form == Form.TORCH_EMBEDDING;
    MlxArray one = flipped ? ops.swapaxes(a, -2, -1) : a;
    MlxArray other = flipped ? ops.swapaxes(b, -2, -1) : b;
    boolean firstIsLeft = form == Form.TORCH_EMBEDDING || form == Form.MLX && !flipped;
    MlxArray left = firstIsLeft ? one : other;
    MlxArray right = firstIsLeft ? other : one;
    requireFit(name, shape, left, right);
    MlxArray factor = scope.scalar((float) scale, DType.FLOAT32);
    MlxArray sum = ops.add(weight, ops.matmul(ops.multiply(factor, left), right));
    return magnitude.map(lengths -> stretched(scope, name, sum, lengths)).orElse(sum);
  }

  /** Whether mlx-lm's tensors are those of an embedding, which are not turned. */
  private static boolean embeds(int[] shape, MlxArray a, MlxArray b) {
    boolean turned = a.dim(-2) == shape[shape.length - 1] && b.dim(-1) == shape[0];
    return !turned && a.dim(-2) == shape[0] && b.dim(-1) == shape[shape.length - 1];
  }

  private MlxArray stretched(MlxScope scope, String name, MlxArray sum, String lengths) {
    MlxOps ops = scope.ops();
    MlxArray wanted = floats(scope, lengths);
    if (wanted.size() != sum.dim(0) || sum.shape().length != 2) {
      throw unfit(name, lengths, wanted, sum.shape());
    }
    MlxArray norm = ops.sqrt(ops.sum(ops.square(sum), 1, true));
    return ops.multiply(ops.divide(ops.reshape(wanted, sum.dim(0), 1), norm), sum);
  }

  private void requireFit(String name, int[] shape, MlxArray left, MlxArray right) {
    int[] product = left.shape();
    product[product.length - 1] = right.dim(-1);
    if (left.dim(-1) != right.dim(-2) || !Arrays.equals(product, shape)) {
      throw unfit(name, first, floatsShape(left, right), shape);
    }
  }

  private static MlxArray floatsShape(MlxArray left, MlxArray right) {
    return left.size() >= right.size() ? left : right;
  }

  private CheckpointException unfit(String name, String part, MlxArray found, int[] shape) {
    return CheckpointException.inFile(
        file.file(),
        "%s is %s, which does not fit %s of %s"
            .formatted(part, Arrays.toString(found.shape()), name, Arrays.toString(shape)),
        "use the adapter with the model that it was trained on");
  }

  private MlxArray floats(MlxScope scope, String name) {
    MlxArray stored = SafetensorsLoader.load(scope, file, List.of(name)).get(name);
    return scope.ops().astype(stored, DType.FLOAT32);
  }
}
