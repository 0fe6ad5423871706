package dev.hbar.model.layer;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxScope;
import java.util.stream.Stream;

/**
 * What one layer has kept of the tokens so far, for every row of a batch. Mixers update it in
 * place; rows are chosen, copied and stacked by the {@link KvCache}. Arrays belong to the cache.
 */
sealed interface LayerState extends AutoCloseable permits KvState, RecurrentState {
  /** All arrays, for an evaluation. */
  Stream<MlxArray> arrays();

  /** Goes on with these rows only, int32, in this order. */
  void retain(MlxArray rows);

  @Override
  void close();

  /** The state before the first token. */
  static LayerState empty(MlxScope owner, StateKind kind, DType dtype, int rows) {
    return switch (kind) {
      case StateKind.KeysAndValues both -> KvState.empty(owner, both, dtype, rows);
      case StateKind.Recurrent recurrent -> RecurrentState.empty(owner, recurrent.parts(), rows);
    };
  }
}
