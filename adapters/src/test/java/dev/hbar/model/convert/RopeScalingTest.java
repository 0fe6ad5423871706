package dev.hbar.model.convert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.model.checkpoint.CheckpointException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RopeScalingTest {

  private static final LlamaKeys LLAMA_3_2 =
      new LlamaKeys(GgufArchitecture.LLAMA, 1, 2048, 8192, 32, 8, 64, 131_072, 500_000, 1e-5);

  /**
   * Some of Llama-3.2-1B's factors as exporters write them: three short waves, the blend, the long
   * ones.
   */
  private static float[] factors(double factor) {
    float[] factors = new float[32];
    for (int i = 0; i < factors.length; i++) {
      double wavelength = 2 * Math.PI * Math.pow(500_000, i / 32.0);
      double smooth = (8192 / wavelength - 1) / 3;
      double blend = (1 - smooth) / factor + smooth;
      factors[i] = (float) (wavelength < 2048 ? 1 : wavelength > 8192 ? factor : 1 / blend);
    }
    return factors;
  }

  private static GgufFile file(Map<String, Object> values) {
    Path path = Path.of("model.gguf");
    return new GgufFile(path, 3, new GgufMetadata(path, values), List.of());
  }

  @Test
  void factorsOfLlama3_becomeItsParameters() {
    Map<String, Object> fields =
        RopeScaling.read(file(Map.of()), LLAMA_3_2, factors(32)).orElseThrow();
    Map<String, Object> expected = new HashMap<>();
    expected.put("rope_type", "llama3");
    expected.put("factor", 32.0);
    expected.put("low_freq_factor", 1.0);
    expected.put("high_freq_factor", 4.0);
    expected.put("original_max_position_embeddings", 8192);
    assertEquals(expected, fields);
  }

  @Test
  void otherFactors_areRefusedByName() {
    float[] factors = factors(8);
    factors[17] *= 1.001f;
    String message =
        assertThrows(
                CheckpointException.class,
                () -> RopeScaling.read(file(Map.of()), LLAMA_3_2, factors))
            .getMessage();
    assertTrue(message.contains("rope_freqs.weight"), message);
    float[] notANumber = factors(8);
    notANumber[3] = Float.NaN;
    assertThrows(
        CheckpointException.class, () -> RopeScaling.read(file(Map.of()), LLAMA_3_2, notANumber));
    assertThrows(
        CheckpointException.class,
        () -> RopeScaling.read(file(Map.of()), LLAMA_3_2, Arrays.copyOf(factors(8), 31)));
  }

  @Test
  void noFactorsOrOnlyOnes_arePlain() {
    float[] ones = new float[32];
    Arrays.fill(ones, 1);
    assertTrue(RopeScaling.read(file(Map.of()), LLAMA_3_2, new float[0]).isEmpty());
    assertTrue(RopeScaling.read(file(Map.of()), LLAMA_3_2, ones).isEmpty());
    GgufFile none = file(Map.of("llama.rope.scaling.type", "none"));
    assertTrue(RopeScaling.read(none, LLAMA_3_2, new float[0]).isEmpty());
  }

  @Test
  void linearScaling_keepsItsFactor() {
    GgufFile linear =
        file(Map.of("llama.rope.scaling.type", "linear", "llama.rope.scaling.factor", 4.0));
    assertEquals(
        Map.of("rope_type", "linear", "factor", 4.0),
        RopeScaling.read(linear, LLAMA_3_2, new float[0]).orElseThrow());
    assertThrows(CheckpointException.class, () -> RopeScaling.read(linear, LLAMA_3_2, factors(8)));
  }

  @Test
  void yarn_isRefusedByName() {
    GgufFile yarn = file(Map.of("llama.rope.scaling.type", "yarn"));
    String message =
        assertThrows(
                CheckpointException.class, () -> RopeScaling.read(yarn, LLAMA_3_2, new float[0]))
            .getMessage();
    assertTrue(message.contains("yarn") && message.contains("llama.rope.scaling.type"), message);
  }
}
