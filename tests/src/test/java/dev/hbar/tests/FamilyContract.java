package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxScope;
import dev.hbar.model.capture.CapturePoint;
import dev.hbar.model.capture.CaptureRequest;
import dev.hbar.model.checkpoint.CheckpointDirectory;
import dev.hbar.model.checkpoint.WeightForm;
import dev.hbar.model.family.CausalLm;
import dev.hbar.model.family.Compute;
import dev.hbar.model.family.Forward;
import dev.hbar.model.family.LoadOptions;
import dev.hbar.model.family.ModelLoader;
import dev.hbar.model.family.TokenBatch;
import dev.hbar.model.layer.MaskChoice;
import dev.hbar.monitor.signal.TokenSignals;
import dev.hbar.study.parity.Trace;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every family must hold: on its tiny checkpoints, one for each corner, the tokens, logits,
 * blocks and signals are those of transformers. A subclass names the family.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class FamilyContract {
  /** Sums of up to 512 products in another order. */
  private static final Closeness FLOAT32_LOGITS = new Closeness(1e-4, 1e-4);

  private static final double FLOAT32_SCALE = 1e-4;

  /**
   * Beside an activation past 1000 the others lose 6e-5 each: the recorded logits of
   * qwen2_bias_massive are themselves 1.7e-4 from those that transformers computes in float64.
   */
  private static final double MASSIVE_SCALE = 3e-4;

  /** The study's own tolerance between engines. */
  private static final double SIGNAL_RELATIVE = 1e-3;

  /** One rounding of a 16-bit type per operation, relative to the tensor's scale. */
  private static final double HALF_SCALE = 2e-2;

  /**
   * The same where a state carries the roundings of all columns on: transformers itself, in
   * bfloat16 on these fixtures, is up to 0.092 of the logits' scale away from its float32.
   */
  static final double HALF_SCALE_OF_STATES = 0.1;

  private final String modelType;
  private final double halfScale;

  FamilyContract(String modelType) {
    this(modelType, HALF_SCALE);
  }

  FamilyContract(String modelType, double halfScale) {
    this.modelType = modelType;
    this.halfScale = halfScale;
  }

  List<Fixture> fixtures() throws IOException {
    return Fixture.ofFamily(modelType);
  }

  /**
   * Beside an activation past 1000, float16 has steps of 1, and a close choice may go either way.
   */
  List<Fixture> halfFixtures() throws IOException {
    return fixtures().stream().filter(f -> !f.massive()).toList();
  }

  List<Fixture> massiveFixtures() throws IOException {
    return fixtures().stream().filter(Fixture::massive).toList();
  }

  @Test
  void family_hasFixtures() throws IOException {
    assertFalse(fixtures().isEmpty());
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void float32AsLoaded_equalsTransformers(Fixture fixture) throws IOException {
    requireFloat32(fixture, WeightForm.DENSE, MaskChoice.AUTO);
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void float32OnACpu_equalsTransformers(Fixture fixture) throws IOException {
    requireFloat32(fixture, WeightForm.MIXED, MaskChoice.AUTO);
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void float32WithCausalMode_equalsTransformers(Fixture fixture) throws IOException {
    requireFloat32(fixture, WeightForm.DENSE, MaskChoice.CAUSAL);
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void float32WithAdditiveMask_equalsTransformers(Fixture fixture) throws IOException {
    requireFloat32(fixture, WeightForm.DENSE, MaskChoice.ADDITIVE);
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void float32WithPackedWeights_equalsTransformers(Fixture fixture) throws IOException {
    requireFloat32(fixture, WeightForm.PACKED, MaskChoice.AUTO);
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("halfFixtures")
  void float16_staysNearTransformers(Fixture fixture) throws IOException {
    requireHalf(fixture, DType.FLOAT16, MaskChoice.AUTO);
    requireHalf(fixture, DType.FLOAT16, MaskChoice.ADDITIVE);
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("halfFixtures")
  void bfloat16_staysNearTransformers(Fixture fixture) throws IOException {
    requireHalf(fixture, DType.BFLOAT16, MaskChoice.AUTO);
    requireHalf(fixture, DType.BFLOAT16, MaskChoice.ADDITIVE);
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("massiveFixtures")
  void massiveActivationsInFloat16_giveFiniteSignals(Fixture fixture) throws IOException {
    assertTrue(Closeness.scale(fixture.expected("blocks")) > 300, "no square overflows 16 bits");
    Compute dense = new Compute(WeightForm.DENSE, DType.FLOAT16);
    List<Trace.Step> steps = trace(fixture, new LoadOptions(dense, MaskChoice.AUTO)).steps();
    double hbar = fixture.steps().get(0).get("hbar").asDouble();
    assertEquals(hbar, steps.getFirst().signals().hbar(), HALF_SCALE * hbar, "hbar");
    for (Trace.Step step : steps) {
      assertTrue(Double.isFinite(step.signals().hbar()), "hbar");
      assertTrue(Double.isFinite(step.signals().pri()), "pri");
    }
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void everyBlockOutput_hasTheModelsType(Fixture fixture) throws IOException {
    for (DType dtype : List.of(DType.FLOAT16, DType.BFLOAT16)) {
      for (WeightForm weights : List.of(WeightForm.PACKED, WeightForm.DENSE)) {
        requireType(fixture, new Compute(weights, dtype));
      }
    }
  }

  private static void requireFloat32(Fixture fixture, WeightForm weights, MaskChoice masks)
      throws IOException {
    Compute compute = new Compute(weights, DType.FLOAT32);
    Trace trace = trace(fixture, new LoadOptions(compute, masks));
    requireTokens(fixture, trace, 0);
    if (fixture.massive()) {
      requireScaled("logits", MASSIVE_SCALE, fixture, trace, Trace.Step::logits);
    } else {
      FLOAT32_LOGITS.require(
          "logits", fixture.expected("logits"), joined(trace, Trace.Step::logits));
    }
    requireScaled("blocks", FLOAT32_SCALE, fixture, trace, Trace.Step::blocks);
    double scale = fixture.massive() ? MASSIVE_SCALE : FLOAT32_SCALE;
    requireScaled("final_norm", scale, fixture, trace, Trace.Step::finalNorm);
    requireSignals(fixture, trace);
  }

  private void requireHalf(Fixture fixture, DType dtype, MaskChoice masks) throws IOException {
    Compute dense = new Compute(WeightForm.DENSE, dtype);
    Trace trace = trace(fixture, new LoadOptions(dense, masks));
    int alike = requireTokens(fixture, trace, 2 * halfScale);
    Trace comparable = new Trace(trace.prompt(), trace.layers(), trace.steps().subList(0, alike));
    requireScaled("logits", halfScale, fixture, comparable, Trace.Step::logits);
    requireScaled("blocks", halfScale, fixture, comparable, Trace.Step::blocks);
  }

  private static void requireType(Fixture fixture, Compute compute) throws IOException {
    try (CausalLm model = load(fixture, new LoadOptions(compute, MaskChoice.AUTO));
        MlxScope run = model.openRun("types")) {
      CaptureRequest states =
          CaptureRequest.blocks(model.layers())
              .and(new CapturePoint.Embedding())
              .and(new CapturePoint.FinalNorm());
      TokenBatch batch =
          TokenBatch.of(run, List.of(new int[] {5, 9, 31}), model.config().vocabSize());
      Forward forward =
          model.forward(run, batch, Loaded.cache(model, run, List.of(fixture.prompt())), states);
      for (CapturePoint point : states.points()) {
        DType actual = forward.captured().get(point).dtype();
        assertEquals(compute.dtype(), actual, compute + ": " + point.label());
      }
      assertEquals(DType.FLOAT32, forward.logits().dtype());
    }
  }

  private static Trace trace(Fixture fixture, LoadOptions options) throws IOException {
    try (CausalLm model = load(fixture, options)) {
      return Trace.of(model, fixture.prompt(), fixture.steps().size(), true);
    }
  }

  private static CausalLm load(Fixture fixture, LoadOptions options) {
    return ModelLoader.of(CheckpointDirectory.of(fixture.folder())).load(options);
  }

  /**
   * Ids are equal as long as no two logits lie closer together than {@code gap}.
   *
   * @return steps that had the same tokens before them
   */
  private static int requireTokens(Fixture fixture, Trace trace, double gap) throws IOException {
    JsonNode steps = fixture.steps();
    for (int i = 0; i < steps.size(); i++) {
      int expected = steps.get(i).get("token").asInt();
      boolean decided = steps.get(i).get("gap").asDouble() > gap;
      if (decided) {
        assertEquals(expected, trace.steps().get(i).signals().token(), "token of step " + i);
      } else if (expected != trace.steps().get(i).signals().token()) {
        return i + 1;
      }
    }
    return steps.size();
  }

  private static void requireScaled(
      String tensor,
      double share,
      Fixture fixture,
      Trace trace,
      Function<Trace.Step, float[]> part) {
    float[] expected = fixture.expected(tensor);
    float[] actual = joined(trace, part);
    new Closeness(share * Closeness.scale(expected), 0)
        .require(tensor, Arrays.copyOf(expected, actual.length), actual);
  }

  private static void requireSignals(Fixture fixture, Trace trace) throws IOException {
    JsonNode steps = fixture.steps();
    for (int i = 0; i < steps.size(); i++) {
      TokenSignals actual = trace.steps().get(i).signals();
      double hbar = steps.get(i).get("hbar").asDouble();
      double pri = steps.get(i).get("pri").asDouble();
      assertEquals(hbar, actual.hbar(), SIGNAL_RELATIVE * hbar, "hbar of step " + i);
      assertEquals(pri, actual.pri(), SIGNAL_RELATIVE * pri, "pri of step " + i);
    }
  }

  private static float[] joined(Trace trace, Function<Trace.Step, float[]> part) {
    int width = part.apply(trace.steps().getFirst()).length;
    float[] all = new float[trace.steps().size() * width];
    for (int i = 0; i < trace.steps().size(); i++) {
      System.arraycopy(part.apply(trace.steps().get(i)), 0, all, i * width, width);
    }
    return all;
  }
}
