package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.mlx.ChildJvm;
import dev.hbar.mlx.DType;
import dev.hbar.mlx.Mlx;
import dev.hbar.mlx.MlxMemory;
import dev.hbar.mlx.MlxScope;
import dev.hbar.mlx.NativeTest;
import dev.hbar.model.decode.BatchDecoder;
import dev.hbar.model.decode.Sampling;
import dev.hbar.model.decode.StepProbe;
import dev.hbar.model.family.CausalLm;
import dev.hbar.model.family.TokenBatch;
import dev.hbar.model.layer.KvCache;
import dev.hbar.model.layer.MaskChoice;
import dev.hbar.monitor.signal.SignalProbe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing grows: not over generations, not over sessions, not over decode steps. */
@NativeTest
class MemoryTest {
  /** A heap that is touched at start never changes the resident size. */
  private static final String[] FIXED_HEAP = {
    "--enable-native-access=ALL-UNNAMED",
    "-Xms96m",
    "-Xmx96m",
    "-XX:+UseSerialGC",
    "-XX:+AlwaysPreTouch",
    "-XX:ReservedCodeCacheSize=24m"
  };

  /** The mask and its parts, and the last block's output. */
  private static final int MASK_AND_STATE = 4;

  private static final int ROWS = 16;
  private static final int CACHED = 520;
  private static final int STEPS = 200;

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"generations", "sessions"})
  void longRun_endsWithTheMemoryItHad(String scene) throws Exception {
    ChildJvm.in(folder).with(FIXED_HEAP).run(MemoryScenes.class, scene).requireExit(0);
  }

  /** With the fused attention: what the composed one keeps of scores would hide a copied buffer. */
  @Test
  void decodeSteps_updateTheCacheInPlace() throws IOException {
    try (CausalLm model = Loaded.model("llama_tied", DType.FLOAT32, MaskChoice.CAUSAL)) {
      requireInPlace(model, StepProbe.NONE, 0);
      requireInPlace(model, new SignalProbe(model.layers()), 0);
      requireInPlace(model, StepProbe.NONE, 1);
      requireInPlace(model, new SignalProbe(model.layers()), 1);
    }
  }

  /** Past the window, every step takes the place of the oldest token. */
  @Test
  void decodeStepsPastTheWindow_updateTheCacheInPlace() throws IOException {
    RandomCheckpoint checkpoint = new RandomCheckpoint("mistral", "{'sliding_window': 200}");
    try (CausalLm model = checkpoint.load(folder, MaskChoice.CAUSAL)) {
      requireInPlace(model, StepProbe.NONE, 0);
      requireInPlace(model, StepProbe.NONE, 1);
    }
  }

  /** An array that is held is neither freed nor reused while the rest of the graph runs. */
  @Test
  void forwardPass_holdsNoIntermediateOfABlock() throws IOException {
    try (CausalLm model = Loaded.model("llama_tied");
        MlxScope run = model.openRun("forward")) {
      List<int[]> prompts = List.of(Loaded.prompt(20, 1));
      KvCache cache = Loaded.cache(model, run, prompts);
      try (MlxScope step = run.child("step")) {
        TokenBatch batch = TokenBatch.of(step, prompts, model.config().vocabSize());
        long before = Mlx.liveArrays();
        model.prefill(step, batch, cache);
        long held = Mlx.liveArrays() - before;
        assertTrue(held <= MASK_AND_STATE, held + " arrays wait for the evaluation");
      }
    }
  }

  /** Between two growths of the cache, the peak stays below one more of its buffers. */
  private static void requireInPlace(CausalLm model, StepProbe probe, int depth) {
    try (MlxScope run = model.openRun("in place")) {
      List<int[]> prompts = Collections.nCopies(ROWS, Loaded.prompt(CACHED, 1));
      KvCache cache = Loaded.cache(model, run, prompts);
      try (BatchDecoder decoder =
          new BatchDecoder(model, run, cache, probe, Sampling.GREEDY, depth)) {
        decoder.start(prompts);
        decoder.next();
        long buffer = cache.buffers()[0].byteSize();
        MlxMemory.clearCache();
        MlxMemory.resetPeak();
        long before = MlxMemory.snapshot().active();
        for (int i = 0; i < STEPS; i++) {
          decoder.next();
        }
        long grown = MlxMemory.snapshot().peak() - before;
        assertTrue(grown < buffer, "peak grew by " + grown + ", a buffer has " + buffer);
      }
    }
  }
}
