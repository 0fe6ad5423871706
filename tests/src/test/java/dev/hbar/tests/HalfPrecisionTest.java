package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.Mask;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxScope;
import dev.hbar.mlx.NativeTest;
import dev.hbar.model.capture.CaptureRequest;
import dev.hbar.model.family.CausalLm;
import dev.hbar.model.family.Forward;
import dev.hbar.model.family.TokenBatch;
import dev.hbar.model.layer.CausalMask;
import dev.hbar.model.layer.KvCache;
import dev.hbar.model.layer.MaskChoice;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The mask of 16-bit models fits them. */
@NativeTest
class HalfPrecisionTest {
  /** An additive mask in float32 once failed with "Mask type must promote to output type". */
  @ParameterizedTest
  @EnumSource(names = {"FLOAT16", "BFLOAT16"})
  void additiveMask_hasTheActivationsType(DType dtype) throws IOException {
    try (CausalLm model = Loaded.model("llama_tied", dtype, MaskChoice.ADDITIVE);
        MlxScope run = model.openRun("mask")) {
      KvCache cache = Loaded.cache(model, run, List.of(Loaded.prompt(4, 1)));
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
      Loaded.decoded(model, run, Loaded.cache(model, run, rows), rows, 6, 0);
    }
  }

  private static Forward forward(CausalLm model, MlxScope run, int tokens, CaptureRequest wanted) {
    List<int[]> prompts = List.of(Loaded.prompt(tokens, 1));
    TokenBatch batch = TokenBatch.of(run, prompts, model.config().vocabSize());
    return model.forward(run, batch, Loaded.cache(model, run, prompts), wanted);
  }
}
