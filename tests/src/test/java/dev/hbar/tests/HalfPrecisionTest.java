package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.attention.CausalMask;
import dev.hbar.attention.KvCache;
import dev.hbar.attention.MaskChoice;
import dev.hbar.capture.CapturePoint;
import dev.hbar.capture.CaptureRequest;
import dev.hbar.family.CausalLm;
import dev.hbar.family.Forward;
import dev.hbar.family.TokenBatch;
import dev.hbar.mlx.DType;
import dev.hbar.mlx.Mask;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxScope;
import dev.hbar.mlx.NativeTest;
import dev.hbar.signal.TokenSignals;
import dev.hbar.trace.TraceStep;
import dev.hbar.trace.Tracer;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** 16-bit models stay 16-bit in every block, and their mask fits. */
@NativeTest
class HalfPrecisionTest {
  @ParameterizedTest
  @EnumSource(names = {"FLOAT16", "BFLOAT16"})
  void everyBlockOutput_hasTheModelsType(DType dtype) throws IOException {
    try (CausalLm model = Loaded.model("llama_tied", dtype, MaskChoice.AUTO);
        MlxScope run = model.openRun("types")) {
      CaptureRequest all =
          CaptureRequest.blocks(model.layers())
              .and(new CapturePoint.Embedding())
              .and(new CapturePoint.FinalNorm());
      Forward forward = forward(model, run, 1, all);
      for (CapturePoint point : all.points()) {
        assertEquals(dtype, forward.captured().get(point).dtype(), point.toString());
      }
      assertEquals(DType.FLOAT32, forward.logits().dtype());
    }
  }

  /** An additive mask in float32 once failed with "Mask type must promote to output type". */
  @ParameterizedTest
  @EnumSource(names = {"FLOAT16", "BFLOAT16"})
  void additiveMask_hasTheActivationsType(DType dtype) throws IOException {
    try (CausalLm model = Loaded.model("llama_tied", dtype, MaskChoice.ADDITIVE);
        MlxScope run = model.openRun("mask")) {
      KvCache cache = Loaded.cache(model, run, List.of(Loaded.prompt(4, 1)), 1);
      Mask mask = cache.plan(run, 4, new int[1], MaskChoice.ADDITIVE).masks().getFirst();
      MlxArray additive = assertInstanceOf(Mask.Additive.class, mask).mask();
      assertEquals(dtype, additive.dtype());
      float[] values = additive.toFloats();
      assertEquals(CausalMask.lowest(dtype), values[1], "a later key is not hidden");
      assertEquals(0f, values[4], "an earlier key is hidden");

      Forward forward = forward(model, run, 4, CaptureRequest.NOTHING);
      assertTrue(Float.isFinite(forward.logits().toFloats()[0]));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT16", "BFLOAT16"})
  void paddedBatch_staysFinite(DType dtype) throws IOException {
    try (CausalLm model = Loaded.model("llama_tied", dtype, MaskChoice.AUTO);
        MlxScope run = model.openRun("padded")) {
      List<int[]> rows = List.of(Loaded.prompt(2, 1), Loaded.prompt(9, 2));
      Loaded.decoded(model, run, Loaded.cache(model, run, rows, 6), rows, 6, 0);
    }
  }

  @Test
  void massiveActivationsInFloat16_giveFiniteSignals() throws IOException {
    Fixture fixture = Fixture.named("massive");
    try (CausalLm model = Loaded.model("massive", DType.FLOAT16, MaskChoice.AUTO)) {
      List<TraceStep> steps = new Tracer(model).trace(fixture.prompt(), 4, true).steps();
      double largest = 0;
      for (int i = 0; i < steps.size(); i++) {
        TokenSignals signals = steps.get(i).signals();
        largest = Math.max(largest, Closeness.scale(steps.get(i).blocks()));
        double hbar = fixture.steps().get(i).get("hbar").asDouble();
        assertEquals(hbar, signals.hbar(), 2e-2 * hbar, "hbar of step " + i);
        assertTrue(Double.isFinite(signals.pri()), "pri of step " + i);
      }
      assertTrue(largest > 300, "no square overflows 16 bits: largest activation " + largest);
    }
  }

  private static Forward forward(CausalLm model, MlxScope run, int tokens, CaptureRequest wanted) {
    List<int[]> prompts = List.of(Loaded.prompt(tokens, 1));
    TokenBatch batch = TokenBatch.of(run, prompts, model.config().vocabSize());
    return model.forward(run, batch, Loaded.cache(model, run, prompts, 1), wanted);
  }
}
