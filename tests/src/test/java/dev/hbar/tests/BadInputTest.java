package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hbar.mlx.NativeTest;
import dev.hbar.mlx.safetensors.SafetensorsHeader;
import dev.hbar.mlx.safetensors.SafetensorsHeaderReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Damaged checkpoints and wrong arguments end in one line and an exit code, never in a crash. */
class BadInputTest {
  private static final int FAILED = 1;
  private static final int WRONG_USAGE = 2;
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;
  private Path checkpoint;

  @BeforeEach
  void copyCheckpoint() throws IOException {
    checkpoint = Files.createDirectory(folder.resolve("100%s of %n"));
    Path source = Fixture.named("llama_tied").folder();
    for (String name : List.of("config.json", "model.safetensors")) {
      Files.copy(source.resolve(name), checkpoint.resolve(name));
    }
  }

  static Stream<Arguments> configs() {
    return Stream.of(
        config("heads are none", "num_attention_heads", c -> c.put("num_attention_heads", 0)),
        config("layers are a text", "num_hidden_layers", c -> c.put("num_hidden_layers", "two")),
        config("no width", "hidden_size", c -> c.remove("hidden_size")),
        config("eps is negative", "rms_norm_eps", c -> c.put("rms_norm_eps", -1)),
        config("unknown family", "mamba", c -> c.put("model_type", "mamba")),
        config("no family", "model_type", c -> c.remove("model_type")),
        config(
            "unknown rope", "spiral", c -> c.putObject("rope_scaling").put("rope_type", "spiral")),
        config(
            "7 bits",
            "quantization",
            c -> c.putObject("quantization").put("bits", 7).put("group_size", 64)));
  }

  private static Arguments config(String situation, String named, Consumer<ObjectNode> change) {
    return Arguments.of(Named.of(situation, change), named);
  }

  @ParameterizedTest
  @MethodSource("configs")
  void wrongConfig_isRefusedByField(Consumer<ObjectNode> change, String named) throws Exception {
    Path file = checkpoint.resolve("config.json");
    ObjectNode config = (ObjectNode) JSON.readTree(file.toFile());
    change.accept(config);
    JSON.writeValue(file.toFile(), config);
    requireRefused(FAILED, List.of("config.json", named), trace("5"));
  }

  @Test
  void configThatIsNoJson_isRefusedWithItsPlace() throws Exception {
    Files.writeString(checkpoint.resolve("config.json"), "{\"model_type\": ");
    requireRefused(FAILED, List.of("config.json", "not valid JSON at line"), trace("5"));
  }

  @Test
  void missingWeights_areNamed() throws Exception {
    Files.delete(checkpoint.resolve("model.safetensors"));
    requireRefused(FAILED, List.of("no model*.safetensors"), trace("5"));
  }

  @Test
  void cutWeights_areRefused() throws Exception {
    try (RandomAccessFile file = weights()) {
      file.setLength(file.length() - 1);
    }
    requireRefused(FAILED, List.of("model.safetensors"), trace("5"));
    Files.write(checkpoint.resolve("model.safetensors"), new byte[7]);
    requireRefused(FAILED, List.of("model.safetensors"), trace("5"));
  }

  @Test
  void headerThatClaimsTooMuch_isRefused() throws Exception {
    for (long length : new long[] {0, -1, 1L << 40}) {
      try (RandomAccessFile file = weights()) {
        file.write(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array());
      }
      requireRefused(FAILED, List.of("model.safetensors"), trace("5"));
    }
  }

  @Test
  @NativeTest
  void shapeThatConfigContradicts_isRefusedByTensor() throws Exception {
    Path file = checkpoint.resolve("config.json");
    ObjectNode config = (ObjectNode) JSON.readTree(file.toFile());
    config.put("vocab_size", config.get("vocab_size").asInt() + 1);
    JSON.writeValue(file.toFile(), config);
    requireRefused(FAILED, List.of("model.embed_tokens", "model.safetensors"), trace("5"));
  }

  @Test
  @NativeTest
  void nanInAWeight_isAnErrorAndNoToken() throws Exception {
    SafetensorsHeader header =
        SafetensorsHeaderReader.read(checkpoint.resolve("model.safetensors"));
    long begin = header.dataStart() + header.tensors().get("model.norm.weight").begin();
    try (RandomAccessFile file = weights()) {
      file.seek(begin);
      // All bits set is a NaN in every floating type.
      file.write(new byte[] {-1, -1, -1, -1});
    }
    requireRefused(FAILED, List.of("non-finite"), trace("5,9"));
  }

  @Test
  @NativeTest
  void percentSignsInThePath_doNoHarm() throws Exception {
    ProgramRun run = trace("5,9");
    assertEquals(0, run.code(), run.err());
    assertTrue(Files.size(folder.resolve("trace/trace.safetensors")) > 0);
  }

  @Test
  void missingTokenizer_isNamed() throws Exception {
    ProgramRun run = run("trace", checkpoint + "", "--prompt", "hello", "--out", folder + "/trace");
    requireRefused(FAILED, List.of("tokenizer.json is missing"), run);
  }

  @Test
  void idOutsideTheVocabulary_isRefused() throws Exception {
    requireRefused(
        FAILED, List.of("token id 320 is outside the vocabulary of 320"), trace("5,320"));
    requireRefused(FAILED, List.of("token id -1 is outside"), trace("5,-1"));
  }

  @Test
  void promptLongerThanTheContext_isRefusedWithBothNumbers() throws Exception {
    String ids = IntStream.range(0, 300).mapToObj(i -> "5").collect(Collectors.joining(","));
    requireRefused(FAILED, List.of("300 prompt and 8 new tokens", "context of 256"), trace(ids));
  }

  @Test
  void argumentThatIsNoCheckpoint_isWrongUsage() throws Exception {
    checkpoint = folder.resolve("nowhere/at/all");
    requireRefused(WRONG_USAGE, List.of("not a model directory"), trace("5"));
  }

  private RandomAccessFile weights() throws IOException {
    return new RandomAccessFile(checkpoint.resolve("model.safetensors").toFile(), "rw");
  }

  private ProgramRun trace(String ids) throws Exception {
    return run("trace", checkpoint + "", "--prompt-ids", ids, "--out", folder + "/trace");
  }

  private ProgramRun run(String... arguments) throws Exception {
    return ProgramRun.of(folder, "", Map.of(), arguments);
  }

  private void requireRefused(int code, List<String> words, ProgramRun run) throws IOException {
    OneLineError.require(folder, code, words, run);
  }
}
