package dev.hbar.tests;

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
import dev.hbar.model.checkpoint.CheckpointHash;
import dev.hbar.model.checkpoint.WeightForm;
import dev.hbar.model.convert.ConvertSettings;
import dev.hbar.model.convert.FolderConverter;
import dev.hbar.model.family.CausalLm;
import dev.hbar.model.family.Compute;
import dev.hbar.model.family.LoadOptions;
import dev.hbar.model.family.ModelLoader;
import dev.hbar.model.family.TokenBatch;
import dev.hbar.model.layer.KvCache;
import dev.hbar.model.layer.MaskChoice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Adapters made by scripts/fixtures/adapters.py: with one on top, a checkpoint computes what mlx-lm
 * does, which adds the low-rank product to every layer's output.
 */
@NativeTest
final class AdapterTest {
  private static final double SHARE = 1e-4;
  private static final Path RESOURCES =
      Path.of(System.getProperty("hbar.root"), "tests/src/test/resources");

  @TempDir Path place;

  static List<Path> adapters() throws IOException {
    try (Stream<Path> folders = Files.list(RESOURCES.resolve("adapters"))) {
      return folders.sorted().toList();
    }
  }

  private static CheckpointDirectory checkpoint(Path adapter) throws IOException {
    String base = RESOURCES.resolve(expected(adapter).get("base").asText()).toString();
    return CheckpointDirectory.resolve(base + "::" + adapter, Map.of());
  }

  private static JsonNode expected(Path adapter) throws IOException {
    return new ObjectMapper().readTree(adapter.resolve("expected.json").toFile());
  }

  private static void requireLogits(Path adapter, CheckpointDirectory directory, Compute compute)
      throws IOException {
    ObjectMapper json = new ObjectMapper();
    int[] prompt = json.convertValue(expected(adapter).get("prompt"), int[].class);
    float[] wanted = json.convertValue(expected(adapter).get("logits"), float[].class);
    LoadOptions options = new LoadOptions(compute, MaskChoice.AUTO);
    try (CausalLm model = ModelLoader.of(directory).load(options);
        MlxScope run = model.openRun("adapter")) {
      KvCache cache = Loaded.cache(model, run, List.of(prompt));
      TokenBatch batch = TokenBatch.of(run, List.of(prompt), model.config().vocabSize());
      float[] logits = model.forward(run, batch, cache, CaptureRequest.NOTHING).logits().toFloats();
      new Closeness(SHARE * Closeness.scale(wanted), 0).require("logits", wanted, logits);
    }
  }

  @ParameterizedTest
  @MethodSource("adapters")
  void denseOrPackedBase_givesTheLogitsOfMlxLm(Path adapter) throws IOException {
    CheckpointDirectory directory = checkpoint(adapter);
    requireLogits(adapter, directory, new Compute(WeightForm.DENSE, DType.FLOAT32));
    requireLogits(adapter, directory, new Compute(WeightForm.PACKED, DType.FLOAT32));
  }

  @ParameterizedTest
  @MethodSource("adapters")
  void convertedWithAdapter_givesTheSameWithoutIt(Path adapter) throws IOException {
    ConvertSettings floats =
        new ConvertSettings(
            Optional.empty(), Optional.of(DType.FLOAT32), ConvertSettings.SHARD_BYTES);
    Path fused = place.resolve("fused");
    FolderConverter.convert(checkpoint(adapter), fused, floats, progress -> {});
    requireLogits(
        adapter, CheckpointDirectory.of(fused), new Compute(WeightForm.DENSE, DType.FLOAT32));
  }

  @Test
  void folderOfAdapterAlone_isTheBaseThatItNamesWithTheAdapter() throws IOException {
    Path copy = Files.createDirectory(place.resolve("style"));
    Path lora = RESOURCES.resolve("adapters/lora");
    Path base = RESOURCES.resolve(expected(lora).get("base").asText());
    Files.copy(lora.resolve("adapters.safetensors"), copy.resolve("adapters.safetensors"));
    Files.writeString(
        copy.resolve("adapter_config.json"),
        Files.readString(lora.resolve("adapter_config.json"))
            .replaceFirst("\"model\": \"[^\"]*\"", "\"model\": \"" + base + "\""));
    CheckpointDirectory directory = CheckpointDirectory.resolve(copy.toString(), Map.of());
    assertEquals("tied_plain+style", directory.name());
    requireLogits(lora, directory, new Compute(WeightForm.DENSE, DType.FLOAT32));
  }

  @Test
  void hash_countsTheAdapter() throws IOException {
    CheckpointDirectory one = checkpoint(RESOURCES.resolve("adapters/lora"));
    CheckpointDirectory other = checkpoint(RESOURCES.resolve("adapters/lora_embedding"));
    CheckpointDirectory none = CheckpointDirectory.of(one.path());
    List<String> hashes =
        Stream.of(one, other, none)
            .map(folder -> CheckpointHash.of(folder, ModelLoader.of(folder).files()))
            .distinct()
            .toList();
    assertEquals(3, hashes.size(), hashes.toString());
  }

  @Test
  void adapterOfAnotherModel_namesTheWeight() {
    String base = RESOURCES.resolve("fixtures/tied_plain").toString();
    String experts = RESOURCES.resolve("adapters/lora_experts").toString();
    CheckpointDirectory directory = CheckpointDirectory.resolve(base + "::" + experts, Map.of());
    CheckpointException refused =
        assertThrows(CheckpointException.class, () -> ModelLoader.of(directory));
    // Of the weights that this model does not have, the first by name, in every run.
    assertTrue(
        refused.getMessage().contains("\"model.layers.1.mlp.switch_mlp.down_proj.weight\""),
        refused.getMessage());
    assertTrue(refused.getMessage().contains("adapters.safetensors"), refused.getMessage());
  }

  @Test
  void adapterOfAnotherWidth_namesBothShapes() {
    String base = RESOURCES.resolve("fixtures/head_dim_wide").toString();
    String lora = RESOURCES.resolve("adapters/lora").toString();
    CheckpointDirectory directory = CheckpointDirectory.resolve(base + "::" + lora, Map.of());
    LoadOptions options =
        new LoadOptions(new Compute(WeightForm.DENSE, DType.FLOAT32), MaskChoice.AUTO);
    CheckpointException refused =
        assertThrows(
            CheckpointException.class, () -> ModelLoader.of(directory).load(options).close());
    assertTrue(refused.getMessage().contains("does not fit model.layers"), refused.getMessage());
  }

  @Test
  void folderOfAdapterWhoseBaseIsAbsent_saysWhatToName() {
    String lora = RESOURCES.resolve("adapters/lora").toString();
    CheckpointException refused =
        assertThrows(CheckpointException.class, () -> CheckpointDirectory.resolve(lora, Map.of()));
    assertTrue(refused.isBadArgument());
    assertTrue(
        refused.getMessage().contains("is an adapter for \"../../fixtures/tied_plain\""),
        refused.getMessage());
  }

  @Test
  void otherKindOfAdapter_isRefusedByName() throws IOException {
    Path copy = Files.createDirectory(place.resolve("ia3"));
    Path peft = RESOURCES.resolve("adapters/peft_lora");
    Files.copy(
        peft.resolve("adapter_model.safetensors"), copy.resolve("adapter_model.safetensors"));
    Files.writeString(copy.resolve("adapter_config.json"), "{\"peft_type\": \"IA3\"}");
    String base = RESOURCES.resolve("fixtures/tied_plain").toString();
    CheckpointDirectory directory = CheckpointDirectory.resolve(base + "::" + copy, Map.of());
    CheckpointException refused =
        assertThrows(CheckpointException.class, () -> ModelLoader.of(directory));
    assertTrue(refused.getMessage().contains("IA3"), refused.getMessage());
    assertTrue(refused.getMessage().contains("peft_type"), refused.getMessage());
  }
}
