package dev.hbar.model.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.mlx.DType;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ConfigReaderTest {
  @TempDir private Path folder;

  private ModelConfig read(String json) throws IOException {
    return ConfigFixture.read(folder, json);
  }

  private String messageFor(String json) throws IOException {
    Files.writeString(folder.resolve("config.json"), json);
    String message =
        assertThrows(
                CheckpointException.class,
                () -> ConfigReader.read(CheckpointDirectory.of(folder), ConfigFixture.FAMILIES))
            .getMessage();
    assertTrue(message.contains(folder.resolve("config.json").toString()), message);
    assertEquals(1, message.lines().count(), message);
    return message;
  }

  @Test
  void llama_isReadWhole() throws IOException {
    ModelConfig config = read(ConfigFixture.text("llama_tied"));

    assertEquals("llama", config.modelType());
    assertEquals(64, config.hiddenSize());
    assertEquals(128, config.intermediateSize());
    assertEquals(3, config.layers());
    assertEquals(4, config.heads());
    assertEquals(2, config.kvHeads());
    assertEquals(16, config.headDim());
    assertEquals(16, config.rotaryDim());
    assertEquals(320, config.vocabSize());
    assertEquals(1e-5, config.rmsNormEps());
    assertEquals(256, config.maxPositionEmbeddings());
    assertEquals(new RopeConfig.Plain(10_000), config.rope());
    assertEquals(Optional.of(true), config.tieWordEmbeddings());
    assertEquals(Optional.empty(), config.attentionBias());
    assertEquals(List.of(2), config.eosTokenIds());
    assertEquals(OptionalInt.of(1), config.bosTokenId());
  }

  @ParameterizedTest
  @CsvSource({
    "llama3_scaled_untied, llama, 16, false",
    "llama_tied, llama, 16, true",
    "mistral_window, mistral, 16, false",
    "phi3_longrope_short, phi3, 16, false",
    "phi3_plain, phi3, 16, false",
    "qwen2_bias, qwen2, 16, true",
    "qwen3_qknorm, qwen3, 32, true",
  })
  void everyFamily_isRead(String name, String modelType, int headDim, boolean tied)
      throws IOException {
    ModelConfig config = read(ConfigFixture.text(name));
    assertEquals(modelType, config.modelType());
    assertEquals(headDim, config.headDim());
    assertEquals(Optional.of(tied), config.tieWordEmbeddings());
    assertTrue(config.dtype().isPresent());
  }

  @Test
  void absentKvHeads_areAllHeads() throws IOException {
    String json = ConfigFixture.changed("llama_tied", "{\"num_key_value_heads\":null}");
    assertEquals(4, read(json).kvHeads());
  }

  @Test
  void partialRotaryFactor_leavesPartOfTheHead() throws IOException {
    String json = ConfigFixture.changed("phi3_plain", "{\"partial_rotary_factor\":0.75}");
    assertEquals(12, read(json).rotaryDim());
    json =
        ConfigFixture.changed(
            "phi3_plain",
            "{\"rope_parameters\":{\"rope_type\":\"default\",\"rope_theta\":7.0,\"partial_rotary_factor\":0.5}}");
    assertEquals(8, read(json).rotaryDim());
  }

  @Test
  void window_isReadUnjudged() throws IOException {
    assertEquals(OptionalInt.of(16), read(ConfigFixture.text("mistral_window")).window().size());
    assertEquals(OptionalInt.empty(), read(ConfigFixture.text("phi3_plain")).window().size());
    WindowConfig window =
        read(ConfigFixture.changed(
                "qwen2_bias",
                """
                    {"sliding_window":32,"use_sliding_window":false,"max_window_layers":0,
                     "layer_types":["full_attention","sliding_attention","full_attention"]}"""))
            .window();
    assertEquals(Optional.of(false), window.used());
    assertEquals(OptionalInt.of(0), window.maxWindowLayers());
    assertEquals(WindowConfig.LayerType.SLIDING_ATTENTION, window.layerTypes().get(1));
  }

  @ParameterizedTest
  @CsvSource({"torch_dtype, bfloat16, BFLOAT16", "dtype, float32, FLOAT32"})
  void dtype_hasTwoNames(String field, String value, DType expected) throws IOException {
    String json =
        ConfigFixture.changed(
            "llama_tied", "{\"torch_dtype\":null,\"%s\":\"%s\"}".formatted(field, value));
    assertEquals(Optional.of(expected), read(json).dtype());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      value = {
        "{\"eos_token_id\":null}  | none                    | ''",
        "{\"eos_token_id\":7}     | none                    | 7",
        "{\"eos_token_id\":319}   | none                    | 319",
        "{\"eos_token_id\":[7,8,7]} | none                  | 7 8",
        "{\"eos_token_id\":7}     | {}                      | 7",
        "{\"eos_token_id\":7}     | {\"eos_token_id\":[9,7]} | 9 7",
        "{\"eos_token_id\":7}     | {\"eos_token_id\":[9,8]} | 9 8 7",
        "{\"eos_token_id\":null}  | {\"eos_token_id\":9}    | 9",
      })
  void eosTokens_areThoseOfBothConfigs(String config, String generation, String expected)
      throws IOException {
    if (generation != null) {
      Files.writeString(folder.resolve("generation_config.json"), generation);
    }
    List<Integer> ids = read(ConfigFixture.changed("llama_tied", config)).eosTokenIds();
    assertEquals(expected, String.join(" ", ids.stream().map(String::valueOf).toList()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      value = {
        "{\"eos_token\":\"<end>\"} | none | 7",
        "{\"eos_token\":\"<end>\",\"added_tokens_decoder\":{\"5\":{\"content\":\"<end>\"}}} | none | 7 5",
        "{\"eos_token\":{\"content\":\"<end>\"}} | [{\"id\":6,\"content\":\"<a>\"},{\"id\":9,\"content\":\"<end>\"}] | 7 9",
        "{\"eos_token\":\"<end>\"} | [{\"id\":7,\"content\":\"<end>\"}] | 7",
        "{\"eos_token\":\"<end>\"} | [{\"id\":320,\"content\":\"<end>\"}] | 7",
        "{\"eos_token\":null} | [{\"id\":9,\"content\":\"\"}] | 7",
        "{\"eos_token | [] | 7",
      })
  void endTokenOfTheTokenizer_isOneOfThem(String config, String added, String expected)
      throws IOException {
    Files.writeString(folder.resolve("tokenizer_config.json"), config);
    if (added != null) {
      Files.writeString(
          folder.resolve("tokenizer.json"),
          "{\"version\":\"1.0\",\"model\":{\"vocab\":{\"a\":0}},\"added_tokens\":" + added + "}");
    }
    List<Integer> ids =
        read(ConfigFixture.changed("llama_tied", "{\"eos_token_id\":7}")).eosTokenIds();
    assertEquals(expected, String.join(" ", ids.stream().map(String::valueOf).toList()));
  }

  @Test
  void byteOrderMark_isPassedOver() throws IOException {
    assertEquals(3, read("\uFEFF" + ConfigFixture.text("llama_tied") + "\n\n").layers());
  }

  @Test
  void damagedGenerationConfig_isNamed() throws IOException {
    Files.writeString(folder.resolve("config.json"), ConfigFixture.text("llama_tied"));
    Files.writeString(folder.resolve("generation_config.json"), "{\"eos_token_id\":\"</s>\"}");
    String message =
        assertThrows(
                CheckpointException.class,
                () -> ConfigReader.read(CheckpointDirectory.of(folder), ConfigFixture.FAMILIES))
            .getMessage();
    assertTrue(message.contains("generation_config.json (eos_token_id)"), message);
  }

  @Test
  void unknownModelType_listsTheSupportedOnesBeforeReadingOn() throws IOException {
    String message = messageFor("{\"model_type\":\"mamba\"}");
    assertTrue(
        message.contains("model_type is \"mamba\", supported are llama, mistral, phi3"), message);
    assertTrue(messageFor("{}").contains("model_type is missing, supported are"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"num_attention_heads":0}        | num_attention_heads must be an integer from 1 to 4096, found 0
          {"num_attention_heads":-4}       | num_attention_heads must be an integer from 1 to 4096, found -4
          {"num_attention_heads":"4"}      | num_attention_heads must be an integer from 1 to 4096, found "4"
          {"num_attention_heads":4.0}      | num_attention_heads must be an integer
          {"num_attention_heads":null}     | num_attention_heads is missing
          {"num_attention_heads":3,"num_key_value_heads":3} | num_attention_heads must divide hidden_size 64, found 3
          {"num_key_value_heads":0}        | num_key_value_heads must be an integer from 1
          {"num_key_value_heads":3}        | num_key_value_heads must divide num_attention_heads 4, found 3
          {"head_dim":15}                  | head_dim must be even, found 15
          {"head_dim":0}                   | head_dim must be an integer from 1
          {"hidden_size":0}                | hidden_size must be
          {"hidden_size":4294967360}       | hidden_size must be
          {"intermediate_size":null}       | intermediate_size is missing
          {"num_hidden_layers":0}          | num_hidden_layers must be an integer from 1 to 1024, found 0
          {"num_hidden_layers":1000000000} | num_hidden_layers must be an integer from 1 to 1024
          {"vocab_size":0}                 | vocab_size must be
          {"max_position_embeddings":0}    | max_position_embeddings must be
          {"rms_norm_eps":0}               | rms_norm_eps must be a finite number above 0, found 0
          {"rms_norm_eps":-1e-5}           | rms_norm_eps must be a finite number above 0
          {"rms_norm_eps":0.5}             | rms_norm_eps must lie between 0 and 0.01, found 0.5
          {"rms_norm_eps":1e-60}           | rms_norm_eps must lie between 0 and 0.01
          {"rms_norm_eps":"1e-5"}          | rms_norm_eps must be a finite number
          {"rope_theta":0}                 | rope_theta must be a finite number above 0
          {"rope_theta":1e999}             | rope_theta must be a finite number above 0
          {"partial_rotary_factor":1.5}    | partial_rotary_factor must leave an even part
          {"partial_rotary_factor":0.01}   | partial_rotary_factor must leave an even part
          {"rope_traditional":true}        | rope_traditional must be false
          {"tie_word_embeddings":"yes"}    | tie_word_embeddings must be true or false, found "yes"
          {"sliding_window":0}             | sliding_window must be an integer from 1
          {"layer_types":["full_attention"]} | layer_types must have 3 entries, found 1
          {"layer_types":["full_attention","full_attention","chunked"]} | layer_types must hold full_attention
          {"layer_types":"full_attention"} | layer_types
          {"torch_dtype":"float8"}         | torch_dtype must be float16, bfloat16 or float32, found "float8"
          {"eos_token_id":[2,320]}         | eos_token_id must be below vocab_size 320, found 320
          {"eos_token_id":"2"}             | eos_token_id must be a token id or a list of them, found "2"
          {"eos_token_id":[2,-1]}          | eos_token_id must be a token id or a list of them
          {"bos_token_id":2.5}             | bos_token_id must be a token id
          """)
  void wrongField_isNamed(String changes, String expected) throws IOException {
    String message = messageFor(ConfigFixture.changed("llama_tied", changes));
    assertTrue(message.contains(expected), message);
    assertTrue(message.contains("correct the field or download"), message);
  }

  @Test
  void thetaThatIsNotANumber_isNamed() throws IOException {
    String json = ConfigFixture.text("llama_tied").replace("10000.0", "NaN");
    assertTrue(messageFor(json).contains("rope_theta must be a finite number above 0, found"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ``            | the file is empty
          `  `          | the file is empty
          []            | holds no JSON object
          null          | holds no JSON object
          {"a"          | not valid JSON at line 1
          {"a":1}{}     | not valid JSON at line 1
          {"a":1,"a":2} | field 'a' is there twice
          llama         | not valid JSON at line 1
          """)
  void fileThatIsNoConfig_isNamed(String text, String expected) throws IOException {
    String message = messageFor(text);
    assertTrue(message.contains(expected), message);
  }

  @Test
  void deepNesting_isRefusedWithoutStackOverflow() throws IOException {
    String message = messageFor("{\"a\":" + "[".repeat(100_000));
    assertTrue(message.contains("nested more than"), message);
  }

  @Test
  void hugeFile_isRefusedUnparsed() throws IOException {
    Path file = folder.resolve("config.json");
    try (var raw = new RandomAccessFile(file.toFile(), "rw")) {
      raw.setLength(200L << 20); // sparse
    }
    String message =
        assertThrows(
                CheckpointException.class,
                () -> ConfigReader.read(CheckpointDirectory.of(folder), ConfigFixture.FAMILIES))
            .getMessage();
    assertTrue(message.contains("more than 8388608 bytes"), message);
  }

  @Test
  void textThatIsNotUtf8_isNamed() throws IOException {
    Files.write(folder.resolve("config.json"), new byte[] {'{', (byte) 0xff, '}'});
    assertTrue(
        assertThrows(
                CheckpointException.class,
                () -> ConfigReader.read(CheckpointDirectory.of(folder), ConfigFixture.FAMILIES))
            .getMessage()
            .contains("not valid UTF-8"));
  }

  @Test
  void fifo_isRefusedWithoutBlocking() throws Exception {
    Path fifo = folder.resolve("config.json");
    assertEquals(0, new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor());
    CheckpointDirectory directory = CheckpointDirectory.of(folder);
    assertTimeoutPreemptively(
        Duration.ofSeconds(10),
        () ->
            assertTrue(
                assertThrows(
                        CheckpointException.class,
                        () -> ConfigReader.read(directory, ConfigFixture.FAMILIES))
                    .getMessage()
                    .contains("not a regular file")));
  }

  @Test
  void missingConfig_isNamed() throws IOException {
    Files.writeString(folder.resolve("something"), "else");
    CheckpointDirectory directory = CheckpointDirectory.of(folder);
    assertTrue(
        assertThrows(
                CheckpointException.class,
                () -> ConfigReader.read(directory, ConfigFixture.FAMILIES))
            .getMessage()
            .startsWith("config.json is missing"));
  }
}
