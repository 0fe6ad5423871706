package dev.hbar.layer;

import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxScope;
import java.util.Optional;

/**
 * Rotary position embedding of q or k [B, heads, T, headDim], halves rotated against each other
 * (not pairs).
 */
public sealed interface Rope {
  MlxArray apply(MlxScope scope, MlxArray x, Positions positions);

  /**
   * Frequencies base^(-2i/dims); linear scaling divides every position by its factor.
   *
   * @param dims rotated dimensions, even
   * @param scale 1 for plain, 1/factor for linear scaling
   */
  record Base(int dims, float base, float scale) implements Rope {
    @Override
    public MlxArray apply(MlxScope scope, MlxArray x, Positions positions) {
      return switch (positions) {
        case Positions.Shared shared ->
            scope.fast().rope(x, dims, false, base, scale, shared.first());
        case Positions.PerRow rows ->
            scope
                .fast()
                .rope(x, dims, false, Optional.of(base), scale, rows.first(), Optional.empty());
      };
    }
  }

  /**
   * Explicit periods, for the kinds that change single frequencies.
   *
   * @param periods float32 [dims/2], each 1/inverse frequency
   */
  record Periods(int dims, MlxArray periods) implements Rope {
    @Override
    public MlxArray apply(MlxScope scope, MlxArray x, Positions positions) {
      return switch (positions) {
        case Positions.Shared shared ->
            scope.fast().rope(x, dims, false, periods, 1f, shared.first());
        case Positions.PerRow rows ->
            scope
                .fast()
                .rope(x, dims, false, Optional.empty(), 1f, rows.first(), Optional.of(periods));
      };
    }
  }
}
