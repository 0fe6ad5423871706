package dev.hbar.model.family;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.Device;
import dev.hbar.mlx.Mlx;
import dev.hbar.mlx.NativeTest;
import dev.hbar.model.checkpoint.CheckpointDirectory;
import dev.hbar.model.checkpoint.WeightForm;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whether the experts of a mixture stay packed on a CPU is a question of its memory. */
@NativeTest
class LeanExpertsTest {
  private static final Optional<DType> OWN = Optional.empty();

  @BeforeEach
  void onACpu() {
    Assumptions.assumeTrue(Mlx.device() == Device.CPU, "a GPU keeps all weights packed");
  }

  private static ModelLoader loader(String fixture) {
    Path fixtures =
        Path.of(System.getProperty("hbar.root"), "tests/src/test/resources/fixtures", fixture);
    return ModelLoader.of(CheckpointDirectory.of(fixtures));
  }

  @Test
  void expertsThatDoNotFitUnpacked_stayPacked() {
    ModelLoader loader = loader("qwen3_moe_dense_first");
    Compute unpacked = loader.compute(OWN, Long.MAX_VALUE);
    assertEquals(WeightForm.MIXED, unpacked.weights());
    long total = loader.plan(unpacked, 1, 1, 1).total();
    long enough = Math.ceilDiv(total * 4, 3);
    assertEquals(WeightForm.MIXED, loader.compute(OWN, enough).weights());
    Compute lean = loader.compute(OWN, enough - 2);
    assertEquals(new Compute(WeightForm.LEAN, DType.FLOAT32), lean);
    assertTrue(loader.plan(lean, 1, 1, 1).weights() < loader.plan(unpacked, 1, 1, 1).weights());
  }

  @Test
  void sixteenBits_areUnpackedWhateverTheMemory() {
    Optional<DType> half = Optional.of(DType.BFLOAT16);
    assertEquals(WeightForm.DENSE, loader("qwen3_moe_dense_first").compute(half, 1).weights());
  }
}
