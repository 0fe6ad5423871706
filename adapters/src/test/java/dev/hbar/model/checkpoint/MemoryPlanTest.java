package dev.hbar.model.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.mlx.DType;
import dev.hbar.model.layer.RecurrentState;
import dev.hbar.model.layer.StateKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MemoryPlanTest {
  private static final List<StateKind> ALL_SEEN =
      states(OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty());

  @TempDir private Path folder;
  private ModelConfig config;

  @BeforeEach
  void readConfig() throws IOException {
    // Three layers, 4 heads and 2 KV heads of 16, groups of 32 with 4 bits.
    config = ConfigFixture.read(folder, ConfigFixture.text("llama_tied"));
  }

  private WeightFiles weights() {
    ShardFixture.shard(
        folder.resolve("model.safetensors"),
        ShardFixture.zeros("model.embed_tokens.weight", DType.UINT32, 320, 8),
        ShardFixture.zeros("model.embed_tokens.scales", DType.FLOAT16, 320, 2),
        ShardFixture.zeros("model.embed_tokens.biases", DType.FLOAT16, 320, 2),
        ShardFixture.zeros("model.norm.weight", DType.FLOAT16, 64));
    return WeightFilesReader.read(CheckpointDirectory.of(folder));
  }

  private MemoryPlan plan(int context, int sequences, DType dtype, WeightForm form) {
    return MemoryPlan.of(
        config, weights(), new MemoryPlan.Request(context, sequences, 512, dtype, form, ALL_SEEN));
  }

  /** Keys and values of 2 heads of 16 on a layer for each window. */
  private static List<StateKind> states(OptionalInt... windows) {
    return Stream.of(windows)
        .<StateKind>map(window -> new StateKind.KeysAndValues(2, 16, 16, window))
        .toList();
  }

  private long cache(int context, int sequences, OptionalInt... windows) {
    MemoryPlan.Request request =
        new MemoryPlan.Request(
            context, sequences, 512, DType.FLOAT32, WeightForm.DENSE, states(windows));
    return MemoryPlan.of(config, weights(), request).kvCache();
  }

  @Test
  void packedWeights_keepTheirBytes() {
    assertEquals(
        320 * 8 * 4 + 2 * 320 * 2 * 2 + 64 * 2,
        plan(100, 1, DType.FLOAT16, WeightForm.PACKED).weights());
  }

  @Test
  void packedWeightsInFloat32_haveWiderScales() {
    assertEquals(
        320 * 8 * 4 + 2 * 320 * 2 * 4 + 64 * 4,
        plan(100, 1, DType.FLOAT32, WeightForm.PACKED).weights());
  }

  @Test
  void denseWeights_takeTheirFullShape() {
    assertEquals(320 * 64 * 4 + 64 * 4, plan(100, 1, DType.FLOAT32, WeightForm.DENSE).weights());
  }

  @ParameterizedTest
  @CsvSource({"1, 64", "64, 64", "65, 128", "512, 512", "513, 768", "768, 768", "769, 1024"})
  void cache_growsInStepsOf64AndBeyond512Of256(int context, long columns) {
    long each = 2 * 3 * 2 * 16 * 4;
    assertEquals(columns * each, plan(context, 1, DType.FLOAT32, WeightForm.DENSE).kvCache());
    assertEquals(8 * columns * each, plan(context, 8, DType.FLOAT32, WeightForm.DENSE).kvCache());
    assertEquals(columns * each / 2, plan(context, 1, DType.FLOAT16, WeightForm.PACKED).kvCache());
  }

  @Test
  void cacheOfAWindow_holdsItAndOnePass() {
    long position = 2 * 2 * 16 * 4;
    OptionalInt window = OptionalInt.of(1000);
    assertEquals(768 * position, cache(700, 1, window), "a shorter context");
    assertEquals(1000 * position, cache(1000, 1, window), "as long as the window");
    assertEquals(1200 * position, cache(1200, 1, window), "a prompt of one longer pass");
    assertEquals(1511 * position, cache(100_000, 1, window));
    assertEquals(4 * (999 + 128) * position, cache(100_000, 4, window));
    assertEquals(
        (2048 + 1511) * position, cache(2000, 1, OptionalInt.empty(), window), "on some layers");
  }

  @Test
  void otherStates_areCountedAsTheyAre() {
    List<StateKind> states =
        List.of(
            StateKind.NOTHING,
            new StateKind.KeysAndValues(1, 48, 16, OptionalInt.empty()),
            new StateKind.Recurrent(
                List.of(
                    new RecurrentState.Part(DType.FLOAT32, List.of(4, 8, 8)),
                    new RecurrentState.Part(DType.FLOAT16, List.of(3, 10)))));
    MemoryPlan.Request request =
        new MemoryPlan.Request(256, 2, 512, DType.FLOAT16, WeightForm.PACKED, states);
    long latent = 256 * (48 + 16) * 2;
    long recurrent = 4 * 8 * 8 * 4 + 3 * 10 * 2;
    assertEquals(2 * (latent + recurrent), MemoryPlan.of(config, weights(), request).kvCache());
  }

  @Test
  void activations_coverOneChunkOfAllSequences() {
    MemoryPlan one = plan(512, 1, DType.FLOAT32, WeightForm.DENSE);
    assertTrue(one.activations() >= 512L * 64 * 4, "at least the hidden states");
    long logits = 2L * 320 * 4;
    assertEquals(
        one.activations() + logits, plan(512, 2, DType.FLOAT32, WeightForm.DENSE).activations());
  }

  @Test
  void planOverTheLimit_isRefusedWithBothNumbers() {
    MemoryPlan plan = new MemoryPlan(3L << 30, 1L << 30, 1L << 20);
    assertEquals((4L << 30) + (1L << 20), plan.total());
    plan.requireWithin(plan.total());
    String message =
        assertThrows(CheckpointException.class, () -> plan.requireWithin(plan.total() - 1))
            .getMessage();
    assertTrue(message.contains("4097 MiB (weights 3072, cache 1024, activations 1)"), message);
    assertTrue(message.contains("the limit of 4096 MiB"), message);
  }

  @Test
  void absurdRequest_isRefusedInsteadOfWrapping() {
    var request =
        new MemoryPlan.Request(
            Integer.MAX_VALUE,
            Integer.MAX_VALUE,
            Integer.MAX_VALUE,
            DType.FLOAT32,
            WeightForm.DENSE,
            ALL_SEEN);
    WeightFiles weights = weights();
    assertThrows(CheckpointException.class, () -> MemoryPlan.of(config, weights, request));
  }

  @Test
  void scalesWithoutQuantization_areNamed() throws IOException {
    config =
        ConfigFixture.read(
            folder,
            ConfigFixture.changed(
                "llama_tied", "{\"quantization\":null,\"quantization_config\":null}"));
    String message =
        assertThrows(CheckpointException.class, () -> plan(1, 1, DType.FLOAT32, WeightForm.DENSE))
            .getMessage();
    assertTrue(message.contains("model.embed_tokens has scales"), message);
  }
}
