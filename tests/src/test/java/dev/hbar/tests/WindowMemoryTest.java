package dev.hbar.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxScope;
import dev.hbar.mlx.NativeTest;
import dev.hbar.model.checkpoint.CheckpointDirectory;
import dev.hbar.model.checkpoint.WeightForm;
import dev.hbar.model.decode.BatchDecoder;
import dev.hbar.model.decode.Prefill;
import dev.hbar.model.family.CausalLm;
import dev.hbar.model.family.Compute;
import dev.hbar.model.family.ModelLoader;
import dev.hbar.model.layer.KvCache;
import dev.hbar.model.layer.MaskChoice;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a layer with a window holds does not grow with the sequence, and is planned so. */
@NativeTest
class WindowMemoryTest {
  private static final int WINDOW = 64;
  private static final int PIECE = 32;
  private static final int PROMPT = 300;
  private static final int STEPS = 100;

  /** The plan adds the most of every layer, which they hold at different times. */
  private static final double PLANNED = 0.12;

  private static final RandomCheckpoint ALL_LAYERS =
      new RandomCheckpoint("mistral", "{'sliding_window': 64}");

  /** The first of three layers sees everything. */
  private static final RandomCheckpoint SOME_LAYERS =
      new RandomCheckpoint(
          "qwen2", "{'sliding_window': 64, 'use_sliding_window': true, 'max_window_layers': 1}");

  @TempDir private Path folder;

  @Test
  void longSequence_holdsTheWindowAndOnePiece() throws IOException {
    List<int[]> held = columns(ALL_LAYERS);
    int mostInPrefill = held.stream().flatMapToInt(Arrays::stream).max().orElse(0);
    assertEquals(WINDOW - 1 + PIECE - 2, mostInPrefill, "pieces of 30 are the most even ones");
    Arrays.stream(held.getLast()).forEach(columns -> assertEquals(WINDOW, columns));
  }

  @Test
  void windowOnSomeLayers_boundsTheseOnly() throws IOException {
    int[] held = columns(SOME_LAYERS).getLast();
    int[] wanted = {448, 448, WINDOW, WINDOW, WINDOW, WINDOW};
    assertEquals(Arrays.toString(wanted), Arrays.toString(held));
  }

  @Test
  void plannedCache_isWhatIsHeld() throws IOException {
    for (RandomCheckpoint checkpoint : List.of(ALL_LAYERS, SOME_LAYERS)) {
      long most =
          columns(checkpoint).stream()
              .mapToLong(held -> Arrays.stream(held).sum())
              .max()
              .orElseThrow();
      long bytes = most * 2 * 16 * Float.BYTES;
      Compute dense = new Compute(WeightForm.DENSE, DType.FLOAT32);
      ModelLoader loader = ModelLoader.of(CheckpointDirectory.of(folder));
      long planned = loader.plan(dense, PROMPT + STEPS, 1, PIECE).kvCache();
      assertTrue(planned >= bytes && planned <= bytes * (1 + PLANNED), planned + " for " + bytes);
    }
  }

  /** Columns of every buffer after each piece of the prompt and each step. */
  private List<int[]> columns(RandomCheckpoint checkpoint) throws IOException {
    List<int[]> held = new ArrayList<>();
    try (CausalLm model = checkpoint.load(folder, MaskChoice.AUTO);
        MlxScope run = model.openRun("long")) {
      int[] prompt = Loaded.prompt(PROMPT, 1);
      KvCache cache = Loaded.cache(model, run, List.of(prompt));
      Prefill prefill = new Prefill(model, run, PIECE);
      for (int at = 0; at < PROMPT; at += PIECE - 2) {
        prefill.all(cache, Arrays.copyOfRange(prompt, at, at + PIECE - 2));
        held.add(columns(cache));
      }
      try (BatchDecoder decoder = Loaded.decoder(model, run, cache, 0)) {
        decoder.start(List.of(new int[] {5}));
        for (int step = 1; step < STEPS; step++) {
          decoder.next();
          held.add(columns(cache));
        }
      }
    }
    return held;
  }

  private static int[] columns(KvCache cache) {
    return Arrays.stream(cache.buffers()).mapToInt((MlxArray buffer) -> buffer.dim(2)).toArray();
  }
}
