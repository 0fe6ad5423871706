package dev.hbar.model.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.mlx.QuantizationMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class QuantizationReaderTest {
  @TempDir private Path folder;

  /** What is read from a config that holds these fields before its others. */
  private Optional<QuantizationConfig> read(String fields) throws IOException {
    Path config = folder.resolve("config.json");
    Files.writeString(config, "{" + fields + "\"model_type\":\"llama\"}");
    return QuantizationReader.read(JsonFile.read(config, JsonFile.CONFIG_BYTES));
  }

  private QuantizationConfig quantization(String json) throws IOException {
    return read("\"quantization\":" + json + ",").orElseThrow();
  }

  private void assertFault(String changes, String expected) {
    String message = assertThrows(CheckpointException.class, () -> read(changes)).getMessage();
    assertTrue(message.contains(expected), message);
  }

  @Test
  void floatCheckpoint_hasNone() throws IOException {
    assertEquals(Optional.empty(), read(""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"quantization", "quantization_config"})
  void affineNumbers_areReadUnderBothKeys(String key) throws IOException {
    QuantizationConfig config =
        read("\"" + key + "\":{\"group_size\":64,\"bits\":4},").orElseThrow();
    assertEquals(
        Optional.of(new Quantization(64, 4, QuantizationMode.AFFINE)), config.forPath("any"));
  }

  @Test
  void mlxKey_winsOverAForeignOne() throws IOException {
    QuantizationConfig config =
        read("""
                "quantization":{"group_size":32,"bits":8},
                "quantization_config":{"quant_method":"fp8"},""")
            .orElseThrow();
    assertEquals(new Quantization(32, 8, QuantizationMode.AFFINE), config.defaults());
  }

  @Test
  void overrides_areKeptByPath() throws IOException {
    QuantizationConfig config =
        quantization(
            """
            {"group_size":64,"bits":4,"mode":"affine",
             "model.embed_tokens":{"group_size":32,"bits":8},
             "lm_head":false,"model.layers.0.mlp.up_proj":true,
             "model.layers.1.mlp.up_proj":{"bits":6},
             "model.layers.2.mlp.up_proj":{"mode":"mxfp4"}}""");
    assertEquals(
        Optional.of(new Quantization(32, 8, QuantizationMode.AFFINE)),
        config.forPath("model.embed_tokens"));
    assertEquals(Optional.empty(), config.forPath("lm_head"));
    assertEquals(Optional.of(config.defaults()), config.forPath("model.layers.0.mlp.up_proj"));
    assertEquals(
        Optional.of(new Quantization(64, 6, QuantizationMode.AFFINE)),
        config.forPath("model.layers.1.mlp.up_proj"));
    assertEquals(
        Optional.of(new Quantization(32, 4, QuantizationMode.MXFP4)),
        config.forPath("model.layers.2.mlp.up_proj"));
  }

  /** MLX's own number, whatever the checkpoint's is. */
  @Test
  void overrideWithoutGroupSize_isOfSixtyFour() throws IOException {
    QuantizationConfig config =
        quantization(
            """
            {"group_size":128,"bits":8,
             "a":{"bits":8},"b":{"bits":3},"c":{"group_size":128},"d":{"group_size":32},
             "e":{"group_size":128,"bits":8},"f":{"mode":"affine"},"g":{"mode":"affine","bits":8}}""");
    QuantizationMode affine = QuantizationMode.AFFINE;
    assertEquals(Optional.of(new Quantization(64, 8, affine)), config.forPath("a"));
    assertEquals(Optional.of(new Quantization(64, 3, affine)), config.forPath("b"));
    assertEquals(Optional.of(new Quantization(128, 4, affine)), config.forPath("c"));
    assertEquals(Optional.of(new Quantization(32, 4, affine)), config.forPath("d"));
    assertEquals(Optional.of(new Quantization(128, 8, affine)), config.forPath("e"));
    assertEquals(Optional.of(new Quantization(64, 4, affine)), config.forPath("f"));
    assertEquals(Optional.of(new Quantization(64, 8, affine)), config.forPath("g"));
  }

  @ParameterizedTest
  @CsvSource({"mxfp4, 32, 4", "mxfp8, 32, 8", "nvfp4, 16, 4"})
  void otherModes_haveTheirOwnNumbers(String mode, int groupSize, int bits) throws IOException {
    Quantization expected =
        new Quantization(groupSize, bits, QuantizationMode.ofMlxName(mode).orElseThrow());
    assertEquals(expected, quantization("{\"mode\":\"" + mode + "\"}").defaults());
    assertEquals(
        expected,
        quantization(
                "{\"mode\":\"%s\",\"group_size\":%d,\"bits\":%d}".formatted(mode, groupSize, bits))
            .defaults());
  }

  @Test
  void overrideWithoutMode_isAffineUnlessItRepeatsTheDefault() throws IOException {
    QuantizationConfig config =
        quantization(
            """
            {"mode":"mxfp4","group_size":32,"bits":4,
             "a":{"group_size":64,"bits":8},"b":{"group_size":32,"bits":4}}""");
    assertEquals(
        Optional.of(new Quantization(64, 8, QuantizationMode.AFFINE)), config.forPath("a"));
    assertEquals(Optional.of(config.defaults()), config.forPath("b"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "1", "7", "16", "-4", "\"4\"", "4.5", "4.0", "null", "4294967300"})
  void impossibleBits_areNamed(String bits) {
    assertFault(
        "\"quantization\":{\"group_size\":64,\"bits\":" + bits + "},", "(quantization.bits)");
    assertFault(
        "\"quantization\":{\"group_size\":64,\"bits\":4,\"lm_head\":{\"group_size\":64,\"bits\":"
            + bits.replace("null", "9")
            + "}},",
        "(quantization.lm_head.bits)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "16", "48", "256", "-64", "\"64\"", "64.0", "null"})
  void impossibleGroups_areNamed(String groupSize) {
    assertFault(
        "\"quantization\":{\"bits\":4,\"group_size\":" + groupSize + "},",
        "(quantization.group_size)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"mode":"bogus","group_size":64,"bits":4}  | unsupported quantization "bogus", supported are affine, mxfp4, mxfp8, nvfp4
          {"mode":4,"group_size":64,"bits":4}        | quantization.mode must be a string
          {"mode":"mxfp4","group_size":64,"bits":4}  | quantization.group_size must be one of [32] for mode mxfp4, found 64
          {"mode":"mxfp8","group_size":32,"bits":4}  | quantization.bits must be one of [8] for mode mxfp8, found 4
          {"mode":"nvfp4","group_size":32,"bits":4}  | quantization.group_size must be one of [16]
          {"group_size":64,"bits":4,"lm_head":8}     | quantization.lm_head must be an object, true or false
          {"group_size":64,"bits":4,"lm_head":null}  | quantization.lm_head must be an object, true or false
          {"group_size":64,"bits":4,"lm_head":{"mode":"gguf"}} | (quantization.lm_head.mode)
          []                                         | quantization must be an object
          """)
  void wrongQuantization_isNamed(String json, String expected) {
    assertFault("\"quantization\":" + json + ",", expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gptq", "awq", "fp8", "bitnet", "bitsandbytes", "compressed-tensors"})
  void foreignMethod_isRefusedByName(String method) {
    assertFault(
        "\"quantization_config\":{\"quant_method\":\""
            + method
            + "\",\"bits\":4,\"group_size\":64},",
        "unsupported quantization \"" + method + "\"");
  }

  @Test
  void impossibleNumbers_cannotBeMadeInCode() {
    assertThrows(
        IllegalArgumentException.class, () -> new Quantization(64, 0, QuantizationMode.AFFINE));
    assertThrows(
        IllegalArgumentException.class, () -> new Quantization(64, 4, QuantizationMode.MXFP4));
  }
}
