package dev.hbar.model.layer;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxScope;
import dev.hbar.mlx.QuantizedWeight;
import java.util.Optional;

/**
 * The token embedding [vocabulary, hidden]. Token ids must lie in [0, vocabulary): MLX gathers
 * beyond the table without an error, so ids are checked where they enter the model.
 */
public sealed interface Embedding {
  /** ids int32 [B, T] to states [B, T, hidden], owned by {@code scope}. */
  MlxArray lookup(MlxScope scope, MlxArray ids);

  /** The same matrix as the output head of a model with tied embeddings, with the head's bias. */
  Linear tiedHead(Optional<MlxArray> bias);

  /**
   * @param transposed the view [hidden, vocabulary] that a tied head multiplies by
   * @param dtype of the states
   */
  record Dense(MlxArray weight, MlxArray transposed, DType dtype) implements Embedding {
    @Override
    public MlxArray lookup(MlxScope scope, MlxArray ids) {
      return scope.ops().astype(scope.ops().take(weight, ids, 0), dtype);
    }

    @Override
    public Linear tiedHead(Optional<MlxArray> bias) {
      return new Linear.Dense(transposed, bias, weight.dtype() != dtype);
    }
  }

  /** Packed rows; only the rows asked for are unpacked, to {@code dtype}. */
  record Quantized(QuantizedWeight weight, DType dtype) implements Embedding {
    @Override
    public MlxArray lookup(MlxScope scope, MlxArray ids) {
      int[] shape = ids.shape();
      MlxArray flat = scope.ops().reshape(ids, shape[0] * shape[1]);
      QuantizedWeight rows =
          new QuantizedWeight(
              scope.ops().take(weight.weight(), flat, 0),
              scope.ops().take(weight.scales(), flat, 0),
              weight.biases().map(biases -> scope.ops().take(biases, flat, 0)),
              weight.groupSize(),
              weight.bits(),
              weight.mode());
      MlxArray states = scope.quantized().dequantize(rows, dtype);
      return scope.ops().reshape(states, shape[0], shape[1], weight.columns());
    }

    @Override
    public Linear tiedHead(Optional<MlxArray> bias) {
      return new Linear.Quantized(weight, bias);
    }
  }

  /** Another embedding whose states are multiplied; its head is the other's. */
  record Scaled(Embedding plain, float factor) implements Embedding {
    @Override
    public MlxArray lookup(MlxScope scope, MlxArray ids) {
      MlxArray states = plain.lookup(scope, ids);
      return scope.ops().multiply(states, scope.scalar(factor, states.dtype()));
    }

    @Override
    public Linear tiedHead(Optional<MlxArray> bias) {
      return plain.tiedHead(bias);
    }
  }
}
