package dev.hbar.tests;

import dev.hbar.mlx.DType;
import dev.hbar.model.family.CausalLm;
import dev.hbar.model.layer.MaskChoice;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A checkpoint of a few kilobytes with at least 303 tokens, for what holds whatever it computes.
 */
sealed interface TinyModel permits RandomCheckpoint, TinyModel.OfFixture {
  /** Loads float32 weights; {@code scratch} is an empty folder. Owner thread. */
  CausalLm load(Path scratch, MaskChoice masks) throws IOException;

  /** A committed one. */
  record OfFixture(String name) implements TinyModel {
    @Override
    public CausalLm load(Path scratch, MaskChoice masks) throws IOException {
      return Loaded.model(name, DType.FLOAT32, masks);
    }
  }
}
