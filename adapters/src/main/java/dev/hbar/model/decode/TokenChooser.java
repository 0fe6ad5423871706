package dev.hbar.model.decode;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxOps;
import dev.hbar.mlx.MlxScope;

/**
 * Chooses tokens int32 [B] from logits float32 [B, V], inside the graph. A draw's key is its seed
 * and step alone.
 */
final class TokenChooser {
  private final Sampling sampling;

  TokenChooser(Sampling sampling) {
    this.sampling = sampling;
  }

  MlxArray choose(MlxScope step, MlxArray logits, int stepIndex) {
    MlxOps ops = step.ops();
    if (sampling.isGreedy()) {
      return ops.astype(ops.argmax(logits, -1, false), DType.INT32);
    }
    MlxArray key = step.random().key(sampling.seed() * 0x9E3779B97F4A7C15L + stepIndex);
    MlxArray filtered = filtered(step, logits);
    return ops.astype(step.random().categorical(filtered, -1, key), DType.INT32);
  }

  /**
   * Logits at the temperature with the dropped tokens at -infinity; the most likely token always
   * stays.
   */
  MlxArray filtered(MlxScope step, MlxArray logits) {
    MlxOps ops = step.ops();
    MlxArray scaled = ops.divide(logits, step.scalar(sampling.temperature(), DType.FLOAT32));
    int vocabulary = scaled.dim(-1);
    if (sampling.topK() > 0 && sampling.topK() < vocabulary) {
      MlxArray top = ops.topk(scaled, sampling.topK(), -1);
      scaled = dropBelow(step, scaled, ops.min(top, -1, true));
    }
    if (sampling.topP() < 1f) {
      scaled = dropBelow(step, scaled, nucleusFloor(step, scaled));
    }
    if (sampling.minP() > 0f) {
      MlxArray share = step.scalar((float) Math.log(sampling.minP()), DType.FLOAT32);
      scaled = dropBelow(step, scaled, ops.add(ops.max(scaled, -1, true), share));
    }
    return scaled;
  }

  /**
   * The smallest logit inside the nucleus: a token is in it while the mass before it is below
   * top-p.
   */
  private MlxArray nucleusFloor(MlxScope step, MlxArray scaled) {
    MlxOps ops = step.ops();
    MlxArray descending = ops.negative(ops.sort(ops.negative(scaled), -1));
    MlxArray p = ops.softmax(descending, -1);
    MlxArray massBefore = ops.subtract(ops.cumsum(p, -1), p);
    MlxArray inside = ops.less(massBefore, step.scalar(sampling.topP(), DType.FLOAT32));
    MlxArray infinity = step.scalar(Float.POSITIVE_INFINITY, DType.FLOAT32);
    return ops.min(ops.where(inside, descending, infinity), -1, true);
  }

  private static MlxArray dropBelow(MlxScope step, MlxArray scaled, MlxArray floor) {
    MlxArray dropped = step.scalar(Float.NEGATIVE_INFINITY, DType.FLOAT32);
    return step.ops().where(step.ops().less(scaled, floor), dropped, scaled);
  }
}
