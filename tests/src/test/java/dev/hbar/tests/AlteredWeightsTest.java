package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxScope;
import dev.hbar.mlx.NativeTest;
import dev.hbar.model.checkpoint.CheckpointException;
import dev.hbar.model.checkpoint.WeightForm;
import dev.hbar.model.decode.NonFiniteLogitsException;
import dev.hbar.model.family.CausalLm;
import dev.hbar.model.layer.KvCache;
import dev.hbar.study.parity.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Weights that do not fit the config are refused by name, and broken numbers give no token. */
@NativeTest
class AlteredWeightsTest {
  private static final String NORM = "model.layers.1.input_layernorm.weight";
  private static final String DOWN = "model.layers.0.mlp.down_proj";

  @TempDir private Path folder;

  private AlteredCheckpoint packed() throws IOException {
    return AlteredCheckpoint.of("llama_tied", folder);
  }

  private AlteredCheckpoint plain() throws IOException {
    return AlteredCheckpoint.of("plain_float32", folder);
  }

  private static void requireRefused(AlteredCheckpoint checkpoint, String... said) {
    for (WeightForm weights : WeightForm.values()) {
      CheckpointException refused =
          assertThrows(CheckpointException.class, () -> checkpoint.load(weights).close());
      for (String part : said) {
        assertTrue(refused.getMessage().contains(part), refused.getMessage());
      }
      assertTrue(refused.getMessage().lines().count() == 1, refused.getMessage());
    }
  }

  @Test
  void unalteredCopy_loads() throws IOException {
    packed().load(WeightForm.PACKED).close();
  }

  @Test
  void missingTensor_isNamed() throws IOException {
    requireRefused(packed().without(NORM), "tensor " + NORM + " is missing", "model.safetensors");
  }

  @Test
  void missingBiasesOfAPackedWeight_areNamed() throws IOException {
    requireRefused(packed().without(DOWN + ".biases"), DOWN + ".biases is missing");
  }

  @Test
  void leftOverTensors_areCountedAndTheFirstFiveListed() throws IOException {
    AlteredCheckpoint extra = packed();
    for (int i = 0; i < 7; i++) {
      extra.zeros("model.extra." + i, DType.FLOAT16, 2);
    }
    requireRefused(extra, "7 tensors belong to no layer", "model.extra.4;");
  }

  @Test
  void wrongShape_isNamedWithBothShapes() throws IOException {
    requireRefused(packed().zeros(NORM, DType.FLOAT16, 32), NORM, "[32]", "[64]");
  }

  @Test
  void transposedMatrix_isRefused() throws IOException {
    String k = "model.layers.0.self_attn.k_proj.weight";
    requireRefused(plain().zeros(k, DType.FLOAT32, 64, 32), k, "[64, 32]", "[32, 64]");
  }

  @Test
  void integersWhereFloatsAreWanted_areNamed() throws IOException {
    requireRefused(packed().zeros(NORM, DType.INT32, 64), NORM, "INT32", "floating");
  }

  @Test
  void integerScales_areRefused() throws IOException {
    requireRefused(packed().zeros(DOWN + ".scales", DType.INT32, 64, 4), DOWN);
  }

  @Test
  void scalesOfFewerRows_areRefused() throws IOException {
    requireRefused(packed().zeros(DOWN + ".scales", DType.FLOAT16, 32, 4), DOWN, "32 rows");
  }

  @Test
  void integerBiases_areRefused() throws IOException {
    requireRefused(packed().zeros(DOWN + ".biases", DType.INT32, 64, 4), DOWN, "differ in type");
  }

  @Test
  void scalesInOneRow_areRefused() throws IOException {
    requireRefused(packed().zeros(DOWN + ".scales", DType.FLOAT16, 256), DOWN, "2-d");
  }

  @Test
  void biasesOfAnotherShape_areRefused() throws IOException {
    requireRefused(packed().zeros(DOWN + ".biases", DType.FLOAT16, 64, 2), DOWN, "biases");
  }

  @Test
  void packedWeightOfAnotherWidth_isRefused() throws IOException {
    requireRefused(packed().zeros(DOWN + ".weight", DType.UINT32, 64, 8), DOWN, "do not fit");
  }

  @ParameterizedTest
  @EnumSource(WeightForm.class)
  void notANumberInOneLayer_givesNoToken(WeightForm weights) throws IOException {
    try (CausalLm model = packed().filled(NORM, Float.NaN, 64).load(weights)) {
      requireNonFinite(model, "non-finite logits at step 0, row 0");
    }
  }

  @Test
  void infiniteHead_givesNoToken() throws IOException {
    AlteredCheckpoint broken = plain().filled("lm_head.weight", Float.POSITIVE_INFINITY, 64, 64);
    try (CausalLm model = broken.load(WeightForm.DENSE)) {
      requireNonFinite(model, "non-finite logits at step 0, row 0");
    }
  }

  /** All rows of the embedding but the prompt's are broken; a head of zeros chooses token 0. */
  @Test
  void notANumberThatIsReachedLater_namesItsStep() throws IOException {
    int prompt = 5;
    float[] embedding = new float[64 * 64];
    Arrays.fill(embedding, Float.NaN);
    Arrays.fill(embedding, prompt * 64, (prompt + 1) * 64, 1f);
    AlteredCheckpoint later =
        plain()
            .floats("model.embed_tokens.weight", embedding, 64, 64)
            .filled("lm_head.weight", 0f, 64, 64);
    try (CausalLm model = later.load(WeightForm.DENSE)) {
      NonFiniteLogitsException refused =
          assertThrows(
              NonFiniteLogitsException.class, () -> Trace.of(model, new int[] {prompt}, 3, true));
      assertTrue(refused.getMessage().contains("at step 1"), refused.getMessage());
    }
  }

  @Test
  void notANumberInTheSecondRow_namesItsRow() throws IOException {
    float[] embedding = new float[64 * 64];
    Arrays.fill(embedding, 1f);
    Arrays.fill(embedding, 6 * 64, 7 * 64, Float.NaN);
    AlteredCheckpoint broken = plain().floats("model.embed_tokens.weight", embedding, 64, 64);
    List<int[]> prompts = List.of(new int[] {5}, new int[] {6}, new int[] {7});
    try (CausalLm model = broken.load(WeightForm.DENSE);
        MlxScope run = model.openRun("rows")) {
      KvCache cache = Loaded.cache(model, run, prompts);
      NonFiniteLogitsException refused =
          assertThrows(
              NonFiniteLogitsException.class,
              () -> Loaded.decoded(model, run, cache, prompts, 1, 0));
      assertTrue(refused.getMessage().contains("at step 0, row 1"), refused.getMessage());
    }
  }

  @Test
  void folderWithPercentSigns_loadsAndGivesTheSameTokens() throws IOException {
    AlteredCheckpoint odd =
        AlteredCheckpoint.of("llama_tied", folder.resolve("a%20s%n").resolve("%s%s %d"));
    int[] prompt = Loaded.prompt(6, 1);
    try (CausalLm model = odd.load(WeightForm.DENSE);
        CausalLm usual = Loaded.model("llama_tied")) {
      assertEquals(
          Loaded.decoded(usual, prompt, 1, 512).getFirst().tokens()[0],
          Loaded.decoded(model, prompt, 1, 512).getFirst().tokens()[0]);
    }
  }

  private static void requireNonFinite(CausalLm model, String said) {
    NonFiniteLogitsException refused =
        assertThrows(
            NonFiniteLogitsException.class, () -> Trace.of(model, new int[] {5, 6, 7}, 3, true));
    assertTrue(refused.getMessage().startsWith(said), refused.getMessage());
  }
}
