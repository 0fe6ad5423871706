package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxMemory;
import dev.hbar.mlx.NativeTest;
import dev.hbar.model.checkpoint.CheckpointDirectory;
import dev.hbar.model.checkpoint.WeightForm;
import dev.hbar.model.decode.Prefill;
import dev.hbar.model.family.CausalLm;
import dev.hbar.model.family.Compute;
import dev.hbar.model.family.LoadOptions;
import dev.hbar.model.family.ModelLoader;
import dev.hbar.model.layer.MaskChoice;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Loading the real checkpoint takes the memory that was planned and little beside it. */
@NativeTest
class LoadMemoryTest {
  private static final double EXTRA = 0.1;

  @ParameterizedTest
  @CsvSource({"PACKED, FLOAT16", "DENSE, FLOAT32", "MIXED, FLOAT32"})
  void load_takesThePlannedMemoryAndLittleMore(WeightForm weights, DType dtype) {
    ModelLoader loader = ModelLoader.of(CheckpointDirectory.of(RealCheckpoint.folder()));
    Compute compute = new Compute(weights, dtype);
    long planned = loader.plan(compute, 1, 1, Prefill.CHUNK).weights();
    MlxMemory.clearCache();
    MlxMemory.resetPeak();
    long before = MlxMemory.snapshot().active();
    try (CausalLm model = loader.load(new LoadOptions(compute, MaskChoice.AUTO))) {
      MlxMemory.Snapshot after = MlxMemory.snapshot();
      assertEquals(30, model.layers());
      assertEquals(planned, after.active() - before, 0.01 * planned);
      long extra = after.peak() - after.active();
      assertTrue(extra < EXTRA * loader.files().byteSize(), "peak is " + extra + " bytes higher");
    }
  }
}
