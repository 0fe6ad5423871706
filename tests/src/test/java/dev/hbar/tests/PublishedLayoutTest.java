package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxScope;
import dev.hbar.mlx.NativeTest;
import dev.hbar.mlx.safetensors.SafetensorsHeaderReader;
import dev.hbar.mlx.safetensors.SafetensorsLoader;
import dev.hbar.model.capture.CapturePoint;
import dev.hbar.model.capture.CaptureRequest;
import dev.hbar.model.checkpoint.CheckpointDirectory;
import dev.hbar.model.checkpoint.WeightFilesReader;
import dev.hbar.model.checkpoint.WeightForm;
import dev.hbar.model.family.CausalLm;
import dev.hbar.model.family.Compute;
import dev.hbar.model.family.Forward;
import dev.hbar.model.family.LoadOptions;
import dev.hbar.model.family.ModelLoader;
import dev.hbar.model.family.TokenBatch;
import dev.hbar.model.layer.KvCache;
import dev.hbar.model.layer.MaskChoice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tiny checkpoints of every family in the layout that MLX models are published in (wrappers,
 * stacked experts, packed weights), made by scripts/fixtures/published.py: tokens, logits, blocks
 * and final norm are those of transformers, however the tokens come in. The system property {@code
 * hbar.published} names another folder of such checkpoints.
 */
@NativeTest
final class PublishedLayoutTest {
  /** Of a tensor's largest number: sums of some hundred products in another order. */
  private static final double SHARE = 1e-4;

  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();
  private static final List<String> EXPERTS_OR_STATES =
      List.of(
          "deepseek_v3",
          "glm4_moe",
          "glm4_moe_lite",
          "gpt_oss",
          "granitemoehybrid",
          "lfm2",
          "lfm2_moe",
          "mixtral",
          "nemotron_h",
          "olmoe",
          "phimoe",
          "qwen2_moe",
          "qwen3_5",
          "qwen3_5_moe",
          "qwen3_moe",
          "qwen3_next");

  /**
   * To transformers, and so here, a step after the prompt is not what a longer prompt is: steps of
   * Mamba leave their limits, and longrope has other factors past its first length.
   */
  private static final List<String> OF_ANOTHER_PASS =
      List.of("granitemoehybrid_dense", "nemotron_h_least_step", "phimoe_crossing");

  private static final Pattern EXPERTS = Pattern.compile("(switch_\\w+|experts)\\.\\w+\\.scales$");
  private static final CapturePoint FINAL_NORM = new CapturePoint.FinalNorm();

  static List<Path> checkpoints() throws IOException {
    Path own = Path.of(System.getProperty("hbar.root"), "tests/src/test/resources/published");
    Path root = Path.of(System.getProperty("hbar.published", own.toString()));
    try (Stream<Path> folders = Files.list(root)) {
      return folders.filter(Files::isDirectory).sorted().toList();
    }
  }

  /** Those, and the fixtures with experts or with states that are no keys and values. */
  static List<Path> alsoFixtures() throws IOException {
    List<Path> all = new ArrayList<>(checkpoints());
    if (System.getProperty("hbar.published") == null) {
      for (String family : EXPERTS_OR_STATES) {
        for (Fixture fixture : Fixture.ofFamily(family)) {
          if (!OF_ANOTHER_PASS.contains(fixture.name()) && fixture.prompt().length > 2) {
            all.add(fixture.folder());
          }
        }
      }
    }
    return all;
  }

  static List<Path> mixtures() throws IOException {
    return checkpoints().stream()
        .filter(
            folder ->
                WeightFilesReader.read(CheckpointDirectory.of(folder)).names().stream()
                    .anyMatch(name -> EXPERTS.matcher(name).find()))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("checkpoints")
  void denseFloat32_equalsTransformers(Path folder) throws IOException {
    requireTransformers(folder, WeightForm.DENSE, MaskChoice.AUTO);
  }

  @ParameterizedTest
  @MethodSource("checkpoints")
  void packedFloat32WithFusedAttention_equalsTransformers(Path folder) throws IOException {
    requireTransformers(folder, WeightForm.PACKED, MaskChoice.CAUSAL);
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("mixtures")
  void packedExpertsOnACpu_equalTransformers(Path folder) throws IOException {
    requireTransformers(folder, WeightForm.LEAN, MaskChoice.AUTO);
  }

  @ParameterizedTest
  @MethodSource("alsoFixtures")
  void promptInChunks_equalsWhole(Path folder) throws IOException {
    int[] prompt = prompt(folder);
    try (CausalLm model = load(folder, WeightForm.DENSE, MaskChoice.AUTO);
        MlxScope run = model.openRun("chunks")) {
      KvCache chunked = Loaded.cache(model, run, List.of(prompt));
      float[] last = {};
      for (int at = 0; at < prompt.length; at += 5) {
        int[] piece = Arrays.copyOfRange(prompt, at, Math.min(prompt.length, at + 5));
        last = logits(model, run, chunked, List.of(piece)).getFirst();
      }
      requireClose("logits", alone(model, run, prompt), last);
    }
  }

  @ParameterizedTest
  @MethodSource("alsoFixtures")
  void rowsOfOtherLengths_equalTheSameAlone(Path folder) throws IOException {
    int[] prompt = prompt(folder);
    List<int[]> rows =
        List.of(
            Arrays.copyOf(prompt, prompt.length / 2),
            prompt,
            Arrays.copyOfRange(prompt, prompt.length - 3, prompt.length));
    List<int[]> more = List.of(new int[] {7}, new int[] {9, 11, 13}, new int[] {8, 5});
    try (CausalLm model = load(folder, WeightForm.DENSE, MaskChoice.AUTO);
        MlxScope run = model.openRun("rows")) {
      KvCache cache = Loaded.cache(model, run, rows);
      List<float[]> first = logits(model, run, cache, rows);
      List<float[]> second = logits(model, run, cache, more);
      for (int row = 0; row < rows.size(); row++) {
        requireClose("row " + row, alone(model, run, rows.get(row)), first.get(row));
        int[] longer = joined(rows.get(row), more.get(row));
        requireClose("longer row " + row, alone(model, run, longer), second.get(row));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("alsoFixtures")
  void sharedBeginning_equalsTheSameAlone(Path folder) throws IOException {
    int[] prompt = prompt(folder);
    List<int[]> rests = List.of(new int[] {7, 21, 3}, new int[] {9}, new int[] {4, 8, 15, 16, 23});
    try (CausalLm model = load(folder, WeightForm.DENSE, MaskChoice.AUTO);
        MlxScope run = model.openRun("shared")) {
      KvCache beginning = Loaded.cache(model, run, List.of(prompt));
      logits(model, run, beginning, List.of(prompt));
      KvCache forked =
          KvCache.stack(run, List.of(beginning, beginning, beginning), new int[rests.size()]);
      List<float[]> ends = logits(model, run, forked, rests);
      forked.retain(new int[] {2, 0});
      List<float[]> kept = logits(model, run, forked, List.of(new int[] {6}, new int[] {12}));
      for (int row = 0; row < rests.size(); row++) {
        int[] whole = joined(prompt, rests.get(row));
        requireClose("row " + row, alone(model, run, whole), ends.get(row));
      }
      int[] third = joined(joined(prompt, rests.get(2)), new int[] {6});
      requireClose("kept row", alone(model, run, third), kept.getFirst());
    }
  }

  private static void requireTransformers(Path folder, WeightForm weights, MaskChoice masks)
      throws IOException {
    try (CausalLm model = load(folder, weights, masks);
        MlxScope run = model.openRun("published")) {
      Map<String, MlxArray> expected =
          SafetensorsLoader.load(
              run, SafetensorsHeaderReader.read(folder.resolve("expected.safetensors")));
      int[] tokens = expected.get("tokens").toInts();
      int[] next = prompt(folder);
      KvCache cache = Loaded.cache(model, run, List.of(next));
      CaptureRequest states = CaptureRequest.blocks(model.layers()).and(FINAL_NORM);
      for (int i = 0; i < tokens.length; i++) {
        try (MlxScope step = run.child("step")) {
          TokenBatch batch = TokenBatch.of(step, List.of(next), model.config().vocabSize());
          Forward forward = model.forward(step, batch, cache, states);
          float[] logits = forward.logits().toFloats();
          assertEquals(tokens[i], largest(logits), "token of step " + i);
          requireClose("logits", row(expected.get("logits"), i), logits);
          requireClose("blocks", row(expected.get("blocks"), i), blocks(model, forward));
          float[] normed = forward.captured().get(FINAL_NORM).toFloats();
          requireClose("final norm", row(expected.get("final_norm"), i), normed);
        }
        next = new int[] {tokens[i]};
      }
    }
  }

  private static CausalLm load(Path folder, WeightForm weights, MaskChoice masks) {
    LoadOptions options = new LoadOptions(new Compute(weights, DType.FLOAT32), masks);
    return ModelLoader.of(CheckpointDirectory.of(folder)).load(options);
  }

  private static int[] prompt(Path folder) throws IOException {
    Path spec = folder.resolve("spec.json");
    Path file = Files.exists(spec) ? spec : folder.resolve("expected.json");
    JsonNode given = JSON.readTree(file.toFile());
    return JSON.convertValue(given.get("prompt"), int[].class);
  }

  private static float[] alone(CausalLm model, MlxScope run, int[] ids) {
    KvCache cache = Loaded.cache(model, run, List.of(ids));
    return logits(model, run, cache, List.of(ids)).getFirst();
  }

  /** Of the last token of every row. */
  private static List<float[]> logits(
      CausalLm model, MlxScope run, KvCache cache, List<int[]> rows) {
    try (MlxScope step = run.child("step")) {
      TokenBatch batch = TokenBatch.of(step, rows, model.config().vocabSize());
      MlxArray last = model.forward(step, batch, cache, CaptureRequest.NOTHING).logits();
      List<float[]> each = new ArrayList<>();
      for (int row = 0; row < rows.size(); row++) {
        each.add(row(last, row));
      }
      return each;
    }
  }

  private static float[] blocks(CausalLm model, Forward forward) {
    float[] all = new float[model.layers() * model.config().hiddenSize()];
    for (int layer = 0; layer < model.layers(); layer++) {
      float[] one = forward.captured().get(new CapturePoint.BlockOutput(layer)).toFloats();
      System.arraycopy(one, 0, all, layer * one.length, one.length);
    }
    return all;
  }

  private static float[] row(MlxArray all, int index) {
    float[] values = all.toFloats();
    int size = values.length / all.dim(0);
    return Arrays.copyOfRange(values, index * size, (index + 1) * size);
  }

  private static int[] joined(int[] first, int[] second) {
    int[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }

  private static int largest(float[] values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      best = values[i] > values[best] ? i : best;
    }
    return best;
  }

  private static void requireClose(String what, float[] expected, float[] actual) {
    assertTrue(Closeness.scale(expected) > 0, what);
    new Closeness(SHARE * Closeness.scale(expected), 0).require(what, expected, actual);
  }
}
