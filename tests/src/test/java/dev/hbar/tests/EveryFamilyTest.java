package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxMemory;
import dev.hbar.mlx.MlxScope;
import dev.hbar.mlx.NativeTest;
import dev.hbar.model.capture.BlockPart;
import dev.hbar.model.capture.CapturePoint;
import dev.hbar.model.capture.CapturePoints;
import dev.hbar.model.capture.CaptureRequest;
import dev.hbar.model.capture.Span;
import dev.hbar.model.checkpoint.CheckpointDirectory;
import dev.hbar.model.checkpoint.MemoryPlan;
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
import dev.hbar.study.parity.Comparer;
import dev.hbar.study.parity.PromptPass;
import dev.hbar.study.parity.ReferenceComparison;
import dev.hbar.study.parity.ReferenceFile;
import dev.hbar.study.parity.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is not only for plain decoders: on one checkpoint of every model_type that has one. */
@NativeTest
final class EveryFamilyTest {
  private static final int[] PROMPT = {5, 9, 17, 2, 40, 8, 8, 31};
  private static final double BOUND = 1e-4;
  private static final Compute DENSE = new Compute(WeightForm.DENSE, DType.FLOAT32);
  private static final List<String> EVERYTHING =
      List.of("embedding", "block.*.*", "final_norm", "logits");

  @TempDir private Path place;

  static List<Path> oneOfEach() throws IOException {
    Map<String, Path> byType = new TreeMap<>();
    for (Path folder : PublishedLayoutTest.alsoFixtures()) {
      byType.putIfAbsent(
          ModelLoader.of(CheckpointDirectory.of(folder)).config().modelType(), folder);
    }
    return List.copyOf(byType.values());
  }

  private static CausalLm load(Path folder) {
    return ModelLoader.of(CheckpointDirectory.of(folder))
        .load(new LoadOptions(DENSE, MaskChoice.AUTO));
  }

  private static CaptureRequest everything(CausalLm model) {
    Set<CapturePoint> points = new LinkedHashSet<>();
    EVERYTHING.forEach(pattern -> points.addAll(CapturePoints.expand(pattern, model.layers())));
    return new CaptureRequest(points, Span.ALL);
  }

  private static List<PromptPass.State> states(CausalLm model) {
    return new PromptPass(model).states(PROMPT, everything(model));
  }

  @ParameterizedTest
  @MethodSource("oneOfEach")
  void traceOfEveryPoint_holdsBlockByBlock(Path folder) throws IOException {
    try (CausalLm model = load(folder)) {
      new Trace.Writer("itself", DType.FLOAT32, PROMPT)
          .with(everything(model), states(model))
          .write(Trace.of(model, PROMPT, 2, true), place.resolve("trace"));
      ReferenceFile reference = ReferenceFile.read(place.resolve("trace/trace.safetensors"));
      var side = new ReferenceComparison.Side("itself", "hbar", "float32", "transformers");
      var settings = new Comparer.Settings(side, BOUND, true, List.of(), DType.FLOAT32);
      ReferenceComparison comparison = new Comparer(model, reference, PROMPT, settings).compare();
      assertTrue(comparison.holds(), comparison.divergences().toString());
      assertEquals(
          List.of("prompt", "steps", "isolated"),
          comparison.profiles().stream().map(profile -> profile.name()).toList());
    }
  }

  /** Every layer with experts shows as many different ones as it weighs. */
  @ParameterizedTest
  @MethodSource("oneOfEach")
  void chosenExperts_areShownWithTheirWeights(Path folder) throws IOException {
    ModelLoader loader = ModelLoader.of(CheckpointDirectory.of(folder));
    Set<Integer> sparse =
        loader.files().names().stream()
            .filter(name -> name.matches(".*(switch_\\w+|\\.experts|block_sparse_moe)\\..*"))
            .map(name -> Integer.parseInt(name.replaceAll("^\\D*(\\d+)\\..*", "$1")))
            .collect(Collectors.toSet());
    Map<CapturePoint, PromptPass.State> shown = new HashMap<>();
    try (CausalLm model = load(folder)) {
      states(model).forEach(state -> shown.put(state.point(), state));
    }
    for (int layer = 0; layer < loader.config().layers(); layer++) {
      PromptPass.State chosen = shown.get(new CapturePoint.InBlock(layer, BlockPart.EXPERTS));
      PromptPass.State weights =
          shown.get(new CapturePoint.InBlock(layer, BlockPart.EXPERT_WEIGHTS));
      assertEquals(sparse.contains(layer), chosen != null, "experts of layer " + layer);
      if (chosen != null) {
        int each = chosen.shape()[chosen.shape().length - 1];
        assertEquals(PROMPT.length * each, chosen.values().length);
        assertEquals(chosen.values().length, weights.values().length);
        for (int row = 0; row < PROMPT.length; row++) {
          float[] ids = Arrays.copyOfRange(chosen.values(), row * each, (row + 1) * each);
          assertEquals(each, new LinkedHashSet<>(Arrays.asList(boxed(ids))).size());
          assertTrue(weights.values()[row * each] > 0, "the best expert counts");
        }
      }
    }
  }

  private static Float[] boxed(float[] values) {
    Float[] boxed = new Float[values.length];
    Arrays.setAll(boxed, i -> values[i]);
    return boxed;
  }

  @ParameterizedTest
  @MethodSource("oneOfEach")
  void unpackedFolder_computesTheSameWithinItsPlan(Path folder) throws IOException {
    CheckpointDirectory source = CheckpointDirectory.of(folder);
    Path dense = place.resolve("dense");
    ConvertSettings settings =
        new ConvertSettings(
            Optional.empty(), Optional.of(DType.FLOAT32), ConvertSettings.SHARD_BYTES);
    FolderConverter.convert(source, dense, settings, step -> {});
    MemoryPlan plan = ModelLoader.of(source).plan(DENSE, PROMPT.length, 1, PROMPT.length);
    MlxMemory.clearCache();
    long before = MlxMemory.snapshot().active();
    float[] wanted;
    try (CausalLm model = load(folder)) {
      long held = MlxMemory.snapshot().active() - before;
      assertTrue(held <= plan.total(), held + " bytes held, plan " + plan.total());
      wanted = logits(model);
    }
    try (CausalLm model = load(dense)) {
      new Closeness(BOUND * Closeness.scale(wanted), 0).require("logits", wanted, logits(model));
    }
  }

  private static float[] logits(CausalLm model) {
    try (MlxScope run = model.openRun("logits")) {
      KvCache cache = Loaded.cache(model, run, List.of(PROMPT));
      TokenBatch batch = TokenBatch.of(run, List.of(PROMPT), model.config().vocabSize());
      MlxArray last = model.forward(run, batch, cache, CaptureRequest.NOTHING).logits();
      return last.toFloats();
    }
  }
}
