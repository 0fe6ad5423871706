package dev.hbar.model.capture;

import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxScope;

/** The taps inside one decoder block. */
public sealed interface BlockTap {
  /** Records nothing and replaces nothing. */
  BlockTap NONE = new None();

  /** Records x if it was asked for; gives back x or its replacement. */
  MlxArray pass(MlxScope scope, BlockPart part, MlxArray x);

  /** Whether a state that the block does not compute anyway is asked for. */
  boolean wants(BlockPart part);

  /** Nothing is asked for. */
  record None() implements BlockTap {
    @Override
    public MlxArray pass(MlxScope scope, BlockPart part, MlxArray x) {
      return x;
    }

    @Override
    public boolean wants(BlockPart part) {
      return false;
    }
  }

  /** Passes on to the taps of the whole pass. */
  record Open(Taps taps, int index) implements BlockTap {
    @Override
    public MlxArray pass(MlxScope scope, BlockPart part, MlxArray x) {
      return taps.pass(scope, new CapturePoint.InBlock(index, part), x);
    }

    @Override
    public boolean wants(BlockPart part) {
      return taps.wants(new CapturePoint.InBlock(index, part));
    }
  }
}
