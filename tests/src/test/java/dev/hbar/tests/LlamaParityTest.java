package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hbar.attention.MaskChoice;
import dev.hbar.checkpoint.CheckpointDirectory;
import dev.hbar.family.CausalLm;
import dev.hbar.family.Compute;
import dev.hbar.family.LoadOptions;
import dev.hbar.family.ModelLoader;
import dev.hbar.mlx.DType;
import dev.hbar.mlx.NativeTest;
import dev.hbar.signal.TokenSignals;
import dev.hbar.trace.Trace;
import dev.hbar.trace.TraceStep;
import dev.hbar.trace.Tracer;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tiny checkpoints of every corner of the family against transformers: tokens, logits, every block,
 * signals.
 */
@NativeTest
class LlamaParityTest {
  /** Sums of up to 512 products in another order. */
  private static final Closeness FLOAT32_LOGITS = new Closeness(1e-4, 1e-4);

  /** The study's own tolerance between engines. */
  private static final double SIGNAL_RELATIVE = 1e-3;

  /** One rounding of a 16-bit type per operation, relative to the tensor's scale. */
  private static final double HALF_SCALE = 2e-2;

  static List<Fixture> fixtures() throws IOException {
    return Fixture.all();
  }

  /** Its activations are made to overflow 16-bit squares; the reference there is float32 only. */
  static List<Fixture> halfFixtures() throws IOException {
    return fixtures().stream().filter(f -> !f.name().equals("massive")).toList();
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void float32AsLoaded_equalsTransformers(Fixture fixture) throws IOException {
    requireFloat32(fixture, MaskChoice.AUTO);
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void float32WithCausalMode_equalsTransformers(Fixture fixture) throws IOException {
    requireFloat32(fixture, MaskChoice.CAUSAL);
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void float32WithAdditiveMask_equalsTransformers(Fixture fixture) throws IOException {
    requireFloat32(fixture, MaskChoice.ADDITIVE);
  }

  @ParameterizedTest
  @MethodSource("halfFixtures")
  void float16_staysNearTransformers(Fixture fixture) throws IOException {
    requireHalf(fixture, DType.FLOAT16, MaskChoice.AUTO);
    requireHalf(fixture, DType.FLOAT16, MaskChoice.ADDITIVE);
  }

  @ParameterizedTest
  @MethodSource("halfFixtures")
  void bfloat16_staysNearTransformers(Fixture fixture) throws IOException {
    requireHalf(fixture, DType.BFLOAT16, MaskChoice.AUTO);
    requireHalf(fixture, DType.BFLOAT16, MaskChoice.ADDITIVE);
  }

  private static void requireFloat32(Fixture fixture, MaskChoice masks) throws IOException {
    Compute dense = new Compute(Compute.Weights.DENSE, DType.FLOAT32);
    Trace trace = trace(fixture, new LoadOptions(dense, masks));
    requireTokens(fixture, trace, 0);
    FLOAT32_LOGITS.require("logits", fixture.expected("logits"), joined(trace, TraceStep::logits));
    requireScaled("blocks", 1e-4, fixture, trace, TraceStep::blocks);
    requireScaled("final_norm", 1e-4, fixture, trace, TraceStep::finalNorm);
    requireSignals(fixture, trace);
  }

  private static void requireHalf(Fixture fixture, DType dtype, MaskChoice masks)
      throws IOException {
    Compute dense = new Compute(Compute.Weights.DENSE, dtype);
    Trace trace = trace(fixture, new LoadOptions(dense, masks));
    requireTokens(fixture, trace, 2 * HALF_SCALE);
    requireScaled("logits", HALF_SCALE, fixture, trace, TraceStep::logits);
    requireScaled("blocks", HALF_SCALE, fixture, trace, TraceStep::blocks);
  }

  private static Trace trace(Fixture fixture, LoadOptions options) throws IOException {
    ModelLoader loader = ModelLoader.of(CheckpointDirectory.of(fixture.folder()));
    try (CausalLm model = loader.load(options)) {
      return new Tracer(model).trace(fixture.prompt(), fixture.steps().size(), true);
    }
  }

  private static void requireTokens(Fixture fixture, Trace trace, double gap) throws IOException {
    JsonNode steps = fixture.steps();
    for (int i = 0; i < steps.size(); i++) {
      int expected = steps.get(i).get("token").asInt();
      boolean decided = steps.get(i).get("gap").asDouble() > gap;
      if (decided) {
        assertEquals(expected, trace.steps().get(i).signals().token(), "token of step " + i);
      } else if (expected != trace.steps().get(i).signals().token()) {
        return;
      }
    }
  }

  private static void requireScaled(
      String tensor,
      double share,
      Fixture fixture,
      Trace trace,
      Function<TraceStep, float[]> part) {
    float[] expected = fixture.expected(tensor);
    new Closeness(share * Closeness.scale(expected), 0)
        .require(tensor, expected, joined(trace, part));
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

  private static float[] joined(Trace trace, Function<TraceStep, float[]> part) {
    int width = part.apply(trace.steps().getFirst()).length;
    float[] all = new float[trace.steps().size() * width];
    for (int i = 0; i < trace.steps().size(); i++) {
      System.arraycopy(part.apply(trace.steps().get(i)), 0, all, i * width, width);
    }
    return all;
  }
}
