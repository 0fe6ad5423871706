package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxScope;
import dev.hbar.mlx.NativeTest;
import dev.hbar.model.capture.CaptureRequest;
import dev.hbar.model.checkpoint.CheckpointDirectory;
import dev.hbar.model.checkpoint.CheckpointException;
import dev.hbar.model.checkpoint.WeightForm;
import dev.hbar.model.convert.GgufConverter;
import dev.hbar.model.family.CausalLm;
import dev.hbar.model.family.Compute;
import dev.hbar.model.family.LoadOptions;
import dev.hbar.model.family.ModelLoader;
import dev.hbar.model.family.TokenBatch;
import dev.hbar.model.layer.KvCache;
import dev.hbar.model.layer.MaskChoice;
import dev.hbar.model.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tiny GGUF models made by scripts/fixtures/gguf_models.py: converted, they compute what
 * transformers does.
 */
@NativeTest
final class GgufModelTest {
  private static final double SHARE = 1e-4;

  @TempDir Path place;

  static List<Path> models() throws IOException {
    Path root = Path.of(System.getProperty("hbar.root"), "tests/src/test/resources/gguf");
    try (Stream<Path> files = Files.list(root)) {
      return files.filter(file -> file.toString().endsWith(".gguf")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void convertedModel_computesAsTransformers(Path source) throws IOException {
    Path folder = GgufConverter.convert(source, place.resolve("out"), step -> {}).folder();
    ObjectMapper json = new ObjectMapper();
    Path expected = Path.of(source.toString().replace(".gguf", ".json"));
    JsonNode values = json.readTree(expected.toFile());
    int[] prompt = json.convertValue(values.get("prompt"), int[].class);
    float[] wanted = json.convertValue(values.get("logits"), float[].class);
    LoadOptions options =
        new LoadOptions(new Compute(WeightForm.DENSE, DType.FLOAT32), MaskChoice.AUTO);
    try (CausalLm model = ModelLoader.of(CheckpointDirectory.of(folder)).load(options);
        MlxScope run = model.openRun("gguf")) {
      KvCache cache = Loaded.cache(model, run, List.of(prompt));
      TokenBatch batch = TokenBatch.of(run, List.of(prompt), model.config().vocabSize());
      float[] logits = model.forward(run, batch, cache, CaptureRequest.NOTHING).logits().toFloats();
      new Closeness(SHARE * Closeness.scale(wanted), 0).require("logits", wanted, logits);
    }
  }

  @Test
  void piecesOfSentencePiece_haveItsIds() throws IOException {
    Path root = Path.of(System.getProperty("hbar.root"));
    Path source = root.resolve("tests/src/test/resources/gguf/llama_pieces.gguf");
    Path folder = GgufConverter.convert(source, place.resolve("out"), step -> {}).folder();
    Path cases = root.resolve("adapters/src/test/resources/tokenizer/pieces/bpe/cases.jsonl");
    ObjectMapper json = new ObjectMapper();
    try (Tokenizer tokenizer = Tokenizer.open(folder)) {
      for (String line : Files.readAllLines(cases)) {
        JsonNode row = json.readTree(line);
        int[] ids = json.convertValue(row.get("ids"), int[].class);
        assertArrayEquals(ids, tokenizer.encode(row.get("text").asText()), line);
        assertEquals(row.get("decoded").asText(), tokenizer.decode(ids), line);
      }
    }
  }

  @Test
  void partOfASplitModel_isNamedWithTheWayOut() throws IOException {
    byte[] whole = Files.readAllBytes(models().getFirst());
    byte[] key = "split.count".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    ByteBuffer entry = ByteBuffer.allocate(8 + key.length + 4 + 4).order(ByteOrder.LITTLE_ENDIAN);
    entry.putLong(key.length).put(key).putInt(4).putInt(3);
    // Head: magic, version, number of tensors, number of keys, keys.
    ByteBuffer part =
        ByteBuffer.allocate(whole.length + entry.capacity() + 32).order(ByteOrder.LITTLE_ENDIAN);
    part.put(whole, 0, 24).put(entry.array()).put(whole, 24, whole.length - 24);
    long keys = ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getLong(16);
    part.putLong(16, keys + 1);
    Path file = Files.write(place.resolve("model-00001-of-00003.gguf"), part.array());
    CheckpointException refused =
        assertThrows(
            CheckpointException.class,
            () -> GgufConverter.convert(file, place.resolve("out"), step -> {}));
    assertTrue(refused.getMessage().contains("one of 3 parts"), refused.getMessage());
    assertTrue(refused.getMessage().contains("llama-gguf-split --merge"), refused.getMessage());
    assertEquals(1, refused.getMessage().lines().count());
  }
}
