package dev.hbar.model.layer;

import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxScope;
import java.util.List;
import java.util.Optional;

/**
 * Rotary position embedding of q or k [B, heads, T, headDim], halves rotated against each other or,
 * where {@code interleaved}, neighbours. Dimensions beyond the rotated ones pass through.
 */
public sealed interface Rope {
  /** For layers that know no positions. */
  Rope NONE = new None();

  /** x [B, heads, T, headDim] turned to its positions, of the same shape and type, in the scope. */
  MlxArray apply(MlxScope scope, MlxArray x, Positions positions);

  /** x as it is: no operation. */
  record None() implements Rope {
    @Override
    public MlxArray apply(MlxScope scope, MlxArray x, Positions positions) {
      return x;
    }
  }

  /** The rope of a sequence of that length, which turns alike at every length. */
  default Rope at(SequenceLength length) {
    return this;
  }

  /**
   * Frequencies base^(-2i/dims); linear scaling divides every position by its factor.
   *
   * @param dims rotated dimensions, even
   * @param scale 1 for plain, 1/factor for linear scaling
   */
  record Base(int dims, boolean interleaved, float base, float scale) implements Rope {
    @Override
    public MlxArray apply(MlxScope scope, MlxArray x, Positions positions) {
      return switch (positions) {
        case Positions.Shared shared ->
            scope.fast().rope(x, dims, interleaved, base, scale, shared.first());
        case Positions.PerRow rows ->
            scope
                .fast()
                .rope(
                    x, dims, interleaved, Optional.of(base), scale, rows.first(), Optional.empty());
      };
    }
  }

  /**
   * Explicit periods, for the kinds that change single frequencies.
   *
   * @param periods float32 [dims/2], each 1/inverse frequency
   * @param gain multiplies the rotated dimensions, and so cosines and sines: float32 [headDim], 1
   *     where nothing is rotated; empty for 1. A 16-bit x turns in float32 and is rounded once: a
   *     rounded gain would stretch every query and key alike
   */
  record Periods(int dims, boolean interleaved, MlxArray periods, Optional<MlxArray> gain)
      implements Rope {
    @Override
    public MlxArray apply(MlxScope scope, MlxArray x, Positions positions) {
      if (gain.isEmpty()) {
        return turned(scope, x, positions);
      }
      MlxArray scaled = scope.ops().multiply(x, gain.get());
      return scope.ops().astype(turned(scope, scaled, positions), x.dtype());
    }

    private MlxArray turned(MlxScope scope, MlxArray x, Positions positions) {
      return switch (positions) {
        case Positions.Shared shared ->
            scope.fast().rope(x, dims, interleaved, periods, 1f, shared.first());
        case Positions.PerRow rows ->
            scope
                .fast()
                .rope(
                    x, dims, interleaved, Optional.empty(), 1f, rows.first(), Optional.of(periods));
      };
    }
  }

  /**
   * One rope while the sequence is within {@code originalMaxPositions}, another from then on. Keys
   * keep the rope of the pass that made them, as they do in transformers with its cache.
   */
  record LongRope(Rope within, Rope beyond, int originalMaxPositions) implements ByLength {
    @Override
    public Rope at(SequenceLength length) {
      return length.tokens() <= originalMaxPositions ? within : beyond;
    }
  }

  /**
   * The base grows with the sequence once that is longer than {@code originalMaxPositions}. Keys
   * keep the base of the pass that made them, as they do in transformers with its cache.
   */
  record Dynamic(
      int dims, boolean interleaved, double base, double factor, int originalMaxPositions)
      implements ByLength {
    @Override
    public Rope at(SequenceLength length) {
      double reach = Math.max(length.tokens(), originalMaxPositions);
      double stretch = factor * reach / originalMaxPositions - (factor - 1);
      double grown = base * Math.pow(stretch, dims / (dims - 2.0));
      return new Base(dims, interleaved, (float) grown, 1f);
    }
  }

  /**
   * A rope whose frequencies depend on the length of the sequence. Every row turns by its own
   * length, so that it gives the same numbers alone and in any batch.
   */
  sealed interface ByLength extends Rope {
    @Override
    Rope at(SequenceLength length);

    @Override
    default MlxArray apply(MlxScope scope, MlxArray x, Positions positions) {
      return switch (positions) {
        case Positions.Shared shared -> at(shared.length()).apply(scope, x, shared);
        case Positions.PerRow rows -> apply(scope, x, rows);
      };
    }

    private MlxArray apply(MlxScope scope, MlxArray x, Positions.PerRow rows) {
      List<Rope> ropes = rows.lengths().stream().map(this::at).toList();
      if (ropes.stream().distinct().count() == 1) {
        return ropes.getFirst().apply(scope, x, rows);
      }
      MlxArray[] turned = new MlxArray[ropes.size()];
      for (int row = 0; row < turned.length; row++) {
        int[] start = {row, 0, 0, 0};
        int[] stop = {row + 1, x.dim(1), x.dim(2), x.dim(3)};
        MlxArray first = scope.ops().slice(rows.first(), new int[] {row}, new int[] {row + 1});
        Positions one = new Positions.PerRow(first, rows.lengths().subList(row, row + 1));
        turned[row] = ropes.get(row).apply(scope, scope.ops().slice(x, start, stop), one);
      }
      return scope.ops().concatenate(0, turned);
    }
  }
}
