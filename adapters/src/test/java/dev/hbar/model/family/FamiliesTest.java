package dev.hbar.model.family;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.mlx.DType;
import dev.hbar.model.checkpoint.CheckpointDirectory;
import dev.hbar.model.checkpoint.CheckpointException;
import dev.hbar.model.checkpoint.ConfigReader;
import dev.hbar.model.checkpoint.ModelConfig;
import dev.hbar.model.layer.Mamba2;
import dev.hbar.model.layer.StateKind;
import dev.hbar.model.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What the fields of a config make of a family's recipe, by transformers' configuration classes.
 */
class FamiliesTest {
  private static final int LAYERS = 4;

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          llama   | {}                                                     | false | false | false
          llama   | {"attention_bias":true}                                | true  | true  | false
          llama   | {"mlp_bias":true}                                      | false | false | true
          mistral | {"attention_bias":true}                                | false | false | false
          phi3    | {}                                                     | false | false | false
          qwen2   | {}                                                     | true  | false | false
          qwen2   | {"attention_bias":false}                               | true  | false | false
          qwen3   | {}                                                     | false | false | false
          qwen3   | {"attention_bias":true}                                | true  | true  | false
          """)
  void biases_areThoseOfTheFamily(
      String type, String fields, boolean queryKeyValue, boolean output, boolean mlp)
      throws IOException {
    DecoderRecipe recipe = recipe(type, fields);
    for (BlockRecipe block : recipe.blocks()) {
      assertEquals(queryKeyValue, attention(block).bias());
      assertEquals(output, attention(block).outputBias());
      assertEquals(mlp, mlp(block).bias());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          granitemoehybrid | {}                                                               | 0     | Infinity | 0.001 | 100
          granitemoehybrid | {"time_step_limit":[0.25,{"__float__":"Infinity"}]}              | 0.25  | Infinity | 0.25  | Infinity
          nemotron_h       | {"time_step_min":0.125}                                          | 0.125 | Infinity | 0     | Infinity
          nemotron_h       | {"time_step_min":0.125,"time_step_limit":[0.5,{"__float__":"Infinity"}]} | 0.125 | Infinity | 0.5 | Infinity
          """)
  void stepsOfMamba_areLimitedAsEachReferenceDoes(
      String type, String fields, float least, float most, float mlxLeast, float mlxMost)
      throws IOException {
    String all =
        "{\"hybrid_override_pattern\":\"MMMM\",\"mamba_n_heads\":2,"
            + fields.substring(1).replaceFirst("^}", "\"x\":0}");
    assertEquals(new Mamba2.StepLimits(least, most), mamba(recipe(type, all)).limits());
    ModelConfig config = ConfigReader.read(CheckpointDirectory.of(folder), Families.supported());
    assertEquals(
        new Mamba2.StepLimits(mlxLeast, mlxMost),
        mamba(Families.recipe(config, RopeReference.MLX_LM)).limits());
  }

  private static Mamba2Recipe mamba(DecoderRecipe recipe) {
    return (Mamba2Recipe) recipe.blocks().getFirst().tokens().orElseThrow();
  }

  /** A number of keys per layer, 0 for all. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          llama   | {"sliding_window":8}                                                       | 0 0 0 0
          mistral | {"sliding_window":8}                                                       | 8 8 8 8
          mistral | {"sliding_window":null}                                                    | 0 0 0 0
          mistral | {}                                                                         | 4096 4096 4096 4096
          phi3    | {"sliding_window":8}                                                       | 8 8 8 8
          phi3    | {}                                                                         | 0 0 0 0
          qwen2   | {"sliding_window":8,"max_window_layers":1}                                 | 0 0 0 0
          qwen2   | {"use_sliding_window":false,"sliding_window":8,"max_window_layers":1}      | 0 0 0 0
          qwen2   | {"use_sliding_window":true,"sliding_window":8,"max_window_layers":1}       | 0 8 8 8
          qwen2   | {"use_sliding_window":true,"max_window_layers":3}                          | 0 0 0 4096
          qwen3   | {"use_sliding_window":true,"sliding_window":8}                             | 0 0 0 0
          qwen3   | {"use_sliding_window":true,"sliding_window":null,"max_window_layers":0}    | 0 0 0 0
          """)
  void windows_areThoseOfTheFamily(String type, String fields, String keys) throws IOException {
    String actual =
        String.join(
            " ",
            windows(recipe(type, fields)).stream()
                .map(window -> String.valueOf(window.orElse(0)))
                .toList());
    assertEquals(keys, actual);
  }

  @Test
  void layerTypes_nameTheLayersWithAWindow() throws IOException {
    OptionalInt some = OptionalInt.of(8);
    OptionalInt none = OptionalInt.empty();
    DecoderRecipe recipe =
        recipe(
            "qwen3",
            """
            {"use_sliding_window":true,"sliding_window":8,"layer_types":
             ["sliding_attention","full_attention","sliding_attention","full_attention"]}""");
    assertEquals(List.of(some, none, some, none), windows(recipe));
    assertEquals(Collections.nCopies(LAYERS, none), windows(recipe.withoutWindows()));
  }

  @Test
  void layerTypesWithoutAWindow_areRefusedByName() {
    String fields =
        """
        {"layer_types":
         ["full_attention","full_attention","full_attention","sliding_attention"]}""";
    CheckpointException refused =
        assertThrows(CheckpointException.class, () -> recipe("qwen2", fields));
    assertTrue(refused.getMessage().contains("(layer_types)"), refused.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "llama, false, false",
    "mistral, false, false",
    "phi3, true, false",
    "qwen2, false, false",
    "qwen3, false, true"
  })
  void onlyPhi3IsFused_andOnlyQwen3NormsHeads(String type, boolean fused, boolean normed)
      throws IOException {
    for (BlockRecipe block : recipe(type, "{}").blocks()) {
      assertEquals(fused, attention(block).projection() == AttentionRecipe.Projection.FUSED);
      assertEquals(fused, mlp(block).fused());
      assertEquals(normed, attention(block).norms() == HeadNormsRecipe.EACH_HEAD);
    }
  }

  @Test
  void unknownActivation_isRefusedByName() {
    CheckpointException refused =
        assertThrows(CheckpointException.class, () -> recipe("llama", "{\"hidden_act\":\"mish\"}"));
    assertTrue(refused.getMessage().contains("hidden_act must be one of silu"));
  }

  @ParameterizedTest
  @CsvSource({"llama,true", "mistral,false"})
  void tokenizerOfMlxLm_isRebuiltForOneModelTypeAlone(String type, boolean rebuilt)
      throws Exception {
    Path fixture = Path.of(getClass().getResource("/tokenizer/pieces/rebuilt").toURI());
    ModelConfig config = config(type, "{}");
    try (Tokenizer ours = RopeReference.TRANSFORMERS.tokenizer(fixture, config);
        Tokenizer theirs = RopeReference.MLX_LM.tokenizer(fixture, config)) {
      assertEquals(rebuilt, !Arrays.equals(ours.encode(" a"), theirs.encode(" a")));
    }
  }

  /** As the authors' own configuration classes say. */
  @ParameterizedTest
  @CsvSource({"exaone, 1e-5, true", "internlm2, 1e-6,", "minicpm, 1e-6, true"})
  void absentPositionsEpsAndHead_areTheFamilys(String type, double eps, Boolean tied)
      throws IOException {
    Files.writeString(
        folder.resolve("config.json"),
        """
        {"model_type":"%s","vocab_size":32,"hidden_size":64,"intermediate_size":64,
         "num_hidden_layers":2,"num_attention_heads":4,"num_key_value_heads":4}"""
            .formatted(type));
    ModelConfig config = ConfigReader.read(CheckpointDirectory.of(folder), Families.supported());
    assertEquals(eps, config.rmsNormEps());
    assertEquals(2048, config.contextLength());
    assertEquals(
        Optional.ofNullable(tied), Families.tied(config), "empty: whether there is a head");
  }

  private static AttentionRecipe attention(BlockRecipe block) {
    return (AttentionRecipe) block.tokens().orElseThrow();
  }

  private static MlpRecipe mlp(BlockRecipe block) {
    return (MlpRecipe) ((BlockRecipe.Sequential) block).mlp();
  }

  private DecoderRecipe recipe(String type, String fields) throws IOException {
    return Families.recipe(config(type, fields));
  }

  private ModelConfig config(String type, String fields) throws IOException {
    String common =
        """
        {"model_type":"%s","vocab_size":32,"hidden_size":64,"intermediate_size":64,
         "num_hidden_layers":%d,"num_attention_heads":4,"num_key_value_heads":4,"rms_norm_eps":1e-5,
         "max_position_embeddings":256"""
            .formatted(type, LAYERS);
    String own = fields.equals("{}") ? "}" : "," + fields.substring(1);
    Files.writeString(folder.resolve("config.json"), common + own);
    return ConfigReader.read(CheckpointDirectory.of(folder), Families.supported());
  }

  /** For every layer, the last keys that a query sees; empty: all. */
  private static List<OptionalInt> windows(DecoderRecipe recipe) {
    return StateKind.windows(recipe.states(DType.FLOAT32));
  }
}
