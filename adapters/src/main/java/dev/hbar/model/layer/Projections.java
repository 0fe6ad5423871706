package dev.hbar.model.layer;

import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxScope;
import java.util.Optional;

/** The projections to queries, keys and values of an {@link Attention}. */
public sealed interface Projections {
  /**
   * Each by itself.
   *
   * @param value empty where the keys, before norm and RoPE, are the values too
   */
  record Apart(Linear query, Linear key, Optional<Linear> value) implements Projections {}

  /** One product gives queries, keys and values, [B, T, (heads + 2 kvHeads) * headDim]. */
  record Joined(Linear all) implements Projections {}

  /** What the three give, [B, T, heads * headDim] and twice [B, T, kvHeads * headDim]. */
  record Parts(MlxArray queries, MlxArray keys, MlxArray values) {}

  /** The three answers to x, apart. */
  default Parts apply(MlxScope scope, MlxArray x, AttentionShape shape) {
    return switch (this) {
      case Apart apart -> {
        MlxArray queries = apart.query().apply(scope, x);
        MlxArray keys = apart.key().apply(scope, x);
        MlxArray values = apart.value().isPresent() ? apart.value().get().apply(scope, x) : keys;
        yield new Parts(queries, keys, values);
      }
      case Joined joined -> {
        MlxArray all = joined.all().apply(scope, x);
        int queries = shape.heads() * shape.headDim();
        int keys = queries + shape.kvHeads() * shape.headDim();
        yield new Parts(
            columns(scope, all, 0, queries),
            columns(scope, all, queries, keys),
            columns(scope, all, keys, all.dim(2)));
      }
    };
  }

  private static MlxArray columns(MlxScope scope, MlxArray x, int from, int to) {
    int[] start = {0, 0, from};
    int[] stop = {x.dim(0), x.dim(1), to};
    return scope.ops().slice(x, start, stop);
  }
}
