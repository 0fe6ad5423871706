package dev.hbar.tests;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxScope;
import dev.hbar.mlx.NativeTest;
import dev.hbar.model.capture.CaptureRequest;
import dev.hbar.model.checkpoint.CheckpointDirectory;
import dev.hbar.model.checkpoint.WeightForm;
import dev.hbar.model.family.CausalLm;
import dev.hbar.model.family.Compute;
import dev.hbar.model.family.LoadOptions;
import dev.hbar.model.family.ModelLoader;
import dev.hbar.model.family.RopeReference;
import dev.hbar.model.family.TokenBatch;
import dev.hbar.model.layer.KvCache;
import dev.hbar.model.layer.MaskChoice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * With {@code --reference mlx-lm} checkpoints compute what mlx-lm does, also where it parts from
 * transformers; values by scripts/fixtures/mlx_reference.py.
 */
@NativeTest
final class MlxReferenceTest {
  private static final double SHARE = 1e-4;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path ROOT =
      Path.of(System.getProperty("hbar.root"), "tests/src/test/resources");

  static List<JsonNode> cases() throws IOException {
    return JSON.readTree(ROOT.resolve("mlx_reference.json").toFile()).valueStream().toList();
  }

  /** The folder of a case, or a copy of it whose config differs. */
  private static Path folder(JsonNode values, Path scratch) throws IOException {
    Path published = ROOT.resolve(values.get("folder").asText());
    if (values.get("config") == null) {
      return published;
    }
    Path weights = Path.of("model.safetensors");
    Files.copy(published.resolve(weights), scratch.resolve(weights));
    Files.writeString(scratch.resolve("config.json"), values.get("config").toString());
    return scratch;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void referenceMlxLm_givesItsLogits(JsonNode values, @TempDir Path scratch) throws IOException {
    int[] prompt = JSON.convertValue(values.get("prompt"), int[].class);
    float[] wanted = JSON.convertValue(values.get("logits"), float[].class);
    Compute compute = new Compute(WeightForm.DENSE, DType.FLOAT32);
    LoadOptions options = new LoadOptions(compute, MaskChoice.AUTO, RopeReference.MLX_LM);
    CheckpointDirectory folder = CheckpointDirectory.of(folder(values, scratch));
    try (CausalLm model = ModelLoader.of(folder).load(options);
        MlxScope run = model.openRun("reference")) {
      KvCache cache = Loaded.cache(model, run, List.of(prompt));
      TokenBatch batch = TokenBatch.of(run, List.of(prompt), model.config().vocabSize());
      float[] logits = model.forward(run, batch, cache, CaptureRequest.NOTHING).logits().toFloats();
      new Closeness(SHARE * Closeness.scale(wanted), 0).require("logits", wanted, logits);
    }
  }
}
