package dev.hbar.model.convert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.mlx.DType;
import dev.hbar.model.checkpoint.CheckpointDirectory;
import dev.hbar.model.checkpoint.CheckpointException;
import dev.hbar.model.checkpoint.ConfigReader;
import dev.hbar.model.checkpoint.JsonFields;
import dev.hbar.model.checkpoint.ModelConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GgufConverterTest {

  @TempDir private Path folder;

  private ConvertResult convert(GgufBytes bytes, String name) throws IOException {
    Path source = bytes.write(folder.resolve("model.gguf"));
    return GgufConverter.convert(source, folder.resolve(name), step -> {});
  }

  private String refusal(GgufBytes bytes) throws IOException {
    String message =
        assertThrows(CheckpointException.class, () -> convert(bytes, "out")).getMessage();
    assertEquals(1, message.lines().count(), message);
    assertEquals(List.of("model.gguf"), names(folder), "something was left behind");
    return message;
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private ModelConfig config(String name) {
    return ConfigReader.read(
        CheckpointDirectory.of(folder.resolve(name)), Map.of("llama", JsonFields.empty(folder)));
  }

  @Test
  void quantizedModel_becomesACompleteFolder() throws IOException {
    ConvertResult result = convert(TinyGguf.quantized(), "out");
    assertFalse(result.upToDate());
    assertEquals(64, result.sourceSha256().length());
    assertEquals(
        List.of(
            "config.json",
            "generation_config.json",
            "hbar_convert.json",
            "model.safetensors",
            "tokenizer.json",
            "tokenizer_config.json"),
        names(result.folder()));
    ModelConfig config = config("out");
    assertEquals(64, config.hiddenSize());
    assertEquals(32, config.headDim());
    assertEquals(1e-5, config.rmsNormEps());
    assertEquals(List.of(2), config.eosTokenIds());
    assertEquals(true, config.tieWordEmbeddings().orElseThrow());
    assertEquals(4, config.quantization().orElseThrow().defaults().bits());
    assertEquals(
        8, config.quantization().orElseThrow().overrides().get("model.embed_tokens").bits());
  }

  @Test
  void tensors_haveTheNamesShapesAndTypesOfTheFormat() throws IOException {
    WeightsOf weights = WeightsOf.read(convert(TinyGguf.quantized(), "out").folder());
    String q = "model.layers.0.self_attn.q_proj";
    assertEquals(DType.UINT32, weights.info(q + ".weight").dtype());
    assertEquals(List.of(64, 8), weights.info(q + ".weight").shape());
    assertEquals(List.of(64, 2), weights.info(q + ".scales").shape());
    assertEquals(DType.FLOAT16, weights.info(q + ".biases").dtype());
    assertEquals(List.of(64, 12), weights.info("model.layers.0.mlp.down_proj.weight").shape());
    assertEquals(DType.FLOAT32, weights.info("model.norm.weight").dtype());
    assertEquals(7 * 3 + 3 + 3, weights.names().size());
  }

  @ParameterizedTest
  @CsvSource({"0, F32, 4", "1, F16, 2"})
  void floatModel_keepsEveryByteAndReordersQueryAndKeyRows(int type, String name, int size)
      throws IOException {
    Random random = new Random(3);
    byte[] q = TinyGguf.data(random, type, 64 * 64);
    byte[] k = TinyGguf.data(random, type, 64 * 32);
    byte[] v = TinyGguf.data(random, type, 64 * 32);
    GgufBytes bytes =
        TinyGguf.of(type)
            .tensor("blk.0.attn_q.weight", type, q, 64, 64)
            .tensor("blk.0.attn_k.weight", type, k, 64, 32)
            .tensor("blk.0.attn_v.weight", type, v, 64, 32);
    WeightsOf weights = WeightsOf.read(convert(bytes, "out").folder());
    String attention = "model.layers.0.self_attn.";
    assertEquals(name, weights.info(attention + "q_proj.weight").dtype().safetensorsName());
    assertArrayEquals(v, weights.bytes(attention + "v_proj.weight"));
    assertArrayEquals(unrotated(q, 64 * size, 2), weights.bytes(attention + "q_proj.weight"));
    assertArrayEquals(unrotated(k, 64 * size, 1), weights.bytes(attention + "k_proj.weight"));
    assertTrue(config("out").quantization().isEmpty());
  }

  /**
   * Row by row: pair j of a head lies in stored rows 2j and 2j+1 and belongs into rows j and j+16.
   */
  private static byte[] unrotated(byte[] stored, int rowBytes, int heads) {
    byte[] rows = new byte[stored.length];
    for (int head = 0; head < heads; head++) {
      for (int j = 0; j < 16; j++) {
        int first = head * 32;
        System.arraycopy(
            stored, (first + 2 * j) * rowBytes, rows, (first + j) * rowBytes, rowBytes);
        System.arraycopy(
            stored, (first + 2 * j + 1) * rowBytes, rows, (first + j + 16) * rowBytes, rowBytes);
      }
    }
    return rows;
  }

  @Test
  void mixedTypes_areNamedInTheConfig() throws IOException {
    byte[] dense = TinyGguf.data(new Random(1), TinyGguf.F16, 64 * 96);
    byte[] eight = TinyGguf.data(new Random(1), TinyGguf.Q8_0, 96 * 64);
    GgufBytes bytes =
        TinyGguf.of(TinyGguf.Q4_0)
            .tensor("blk.0.ffn_up.weight", TinyGguf.F16, dense, 64, 96)
            .tensor("blk.0.ffn_down.weight", TinyGguf.Q8_0, eight, 96, 64);
    convert(bytes, "out");
    var quantization = config("out").quantization().orElseThrow();
    assertEquals(32, quantization.defaults().groupSize());
    assertEquals(8, quantization.overrides().get("model.layers.0.mlp.down_proj").bits());
    assertEquals(Set.of("model.layers.0.mlp.up_proj"), quantization.dense());
  }

  @Test
  void sameSourceTwice_isUpToDateAndSameBytesElsewhere() throws IOException {
    Path first = convert(TinyGguf.quantized(), "first").folder();
    assertTrue(convert(TinyGguf.quantized(), "first").upToDate());
    Path second = convert(TinyGguf.quantized(), "second").folder();
    for (String name : names(first)) {
      assertArrayEquals(
          Files.readAllBytes(first.resolve(name)), Files.readAllBytes(second.resolve(name)), name);
    }
  }

  @Test
  void folderOfAnotherSourceOrDamaged_isRefused() throws IOException {
    Path out = convert(TinyGguf.quantized(), "out").folder();
    String other =
        assertThrows(CheckpointException.class, () -> convert(TinyGguf.of(TinyGguf.Q4_0), "out"))
            .getMessage();
    assertTrue(other.contains(out.toString()) && other.contains("another folder"), other);
    byte[] weights = Files.readAllBytes(out.resolve("model.safetensors"));
    Files.write(out.resolve("model.safetensors"), Arrays.copyOf(weights, weights.length - 1));
    assertThrows(CheckpointException.class, () -> convert(TinyGguf.quantized(), "out"));
  }

  @Test
  void emptyFolder_isFilled() throws IOException {
    Files.createDirectories(folder.resolve("out"));
    assertEquals(6, names(convert(TinyGguf.quantized(), "out").folder()).size());
  }

  @Test
  void progress_namesEveryTensorAndEndsWithinTheTotal() throws IOException {
    List<ConvertProgress> steps = new ArrayList<>();
    Path source = TinyGguf.quantized().write(folder.resolve("model.gguf"));
    GgufConverter.convert(source, folder.resolve("out"), steps::add);
    assertEquals(1 + 27, steps.size());
    assertTrue(steps.stream().skip(1).allMatch(step -> step.done() < step.total()));
  }

  @ParameterizedTest
  @CsvSource({
    "general.architecture",
    "llama.block_count",
    "llama.embedding_length",
    "llama.feed_forward_length",
    "llama.attention.head_count",
    "llama.attention.layer_norm_rms_epsilon",
    "llama.context_length",
    "tokenizer.ggml.model",
    "tokenizer.ggml.pre",
    "tokenizer.ggml.tokens",
    "tokenizer.ggml.merges",
    "tokenizer.ggml.token_type",
    "token_embd.weight",
    "blk.0.attn_norm.weight",
    "output_norm.weight"
  })
  void missingPart_isNamed(String part) throws IOException {
    String message = refusal(TinyGguf.quantized().without(part));
    assertTrue(message.contains(part), message);
  }

  @ParameterizedTest
  @CsvSource({
    "general.architecture, starcoder",
    "tokenizer.ggml.model, bert",
    "tokenizer.ggml.pre, no-such-splitter",
    "llama.rope.scaling.type, yarn"
  })
  void unsupportedText_isRefusedByName(String key, String value) throws IOException {
    String message = refusal(TinyGguf.quantized().text(key, value));
    assertTrue(message.contains(key) && message.contains(value), message);
  }

  @ParameterizedTest
  @CsvSource({
    "llama.block_count, 0",
    "llama.block_count, 2000000000",
    "llama.attention.head_count, 0",
    "llama.attention.head_count, 3",
    "llama.attention.head_count_kv, 0",
    "llama.attention.key_length, 31",
    "llama.attention.value_length, 16",
    "llama.rope.dimension_count, 16",
    "llama.expert_count, 8",
    "llama.attention.sliding_window, 4096",
    "tokenizer.ggml.eos_token_id, 70000",
    "llama.context_length, -1"
  })
  void numberThatCannotBe_isRefused(String key, int value) throws IOException {
    String message = refusal(TinyGguf.quantized().u32(key, value));
    assertTrue(
        message.contains("llama.") || message.contains(key) || message.contains("attn_"), message);
  }

  @Test
  void unknownTensor_isRefusedByName() throws IOException {
    GgufBytes extra = TinyGguf.quantized().tensor("blk.0.attn_sinks.weight", 0, new byte[256], 64);
    assertTrue(refusal(extra).contains("blk.0.attn_sinks.weight"));
    GgufBytes beyond = TinyGguf.quantized().tensor("blk.1.attn_norm.weight", 0, new byte[256], 64);
    assertTrue(refusal(beyond).contains("blk.1.attn_norm.weight"));
  }

  @Test
  void scaleThatCannotBeKept_namesTheTensorAndLeavesNothing() throws IOException {
    byte[] data = TinyGguf.data(new Random(1), TinyGguf.Q8_0, 64 * 32);
    // The largest number of float16, whose bias it has not; then infinity.
    for (String[] each : new String[][] {{"7bff", "biases"}, {"7c00", "scales"}}) {
      short scale = (short) Integer.parseInt(each[0], 16);
      ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN).putShort(scale);
      GgufBytes bytes =
          TinyGguf.quantized().tensor("blk.0.attn_v.weight", TinyGguf.Q8_0, data, 64, 32);
      String message = refusal(bytes);
      assertTrue(message.contains("model.layers.0.self_attn.v_proj." + each[1]), message);
    }
  }

  @Test
  void numberThatIsNone_isRefusedByTensor() throws IOException {
    ByteBuffer norm = ByteBuffer.allocate(4 * 64).order(ByteOrder.LITTLE_ENDIAN);
    norm.putFloat(4 * 63, Float.NaN);
    ByteBuffer half = ByteBuffer.allocate(2 * 64 * 96).order(ByteOrder.LITTLE_ENDIAN);
    half.putShort(2 * (64 * 96 - 1), (short) 0x7c00);
    GgufBytes one =
        TinyGguf.quantized().tensor("output_norm.weight", TinyGguf.F32, norm.array(), 64);
    GgufBytes other =
        TinyGguf.of(TinyGguf.F16).tensor("blk.0.ffn_up.weight", TinyGguf.F16, half.array(), 64, 96);
    String first = assertThrows(CheckpointException.class, () -> convert(one, "a")).getMessage();
    assertTrue(first.contains("\"model.norm.weight\" holds NaN"), first);
    String second = assertThrows(CheckpointException.class, () -> convert(other, "b")).getMessage();
    assertTrue(second.contains("up_proj.weight\" holds Infinity"), second);
    assertFalse(Files.exists(folder.resolve("a")));
  }
}
