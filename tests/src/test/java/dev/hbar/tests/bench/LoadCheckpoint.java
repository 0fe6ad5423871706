package dev.hbar.tests.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxMemory;
import dev.hbar.mlx.MlxScope;
import dev.hbar.mlx.MlxThread;
import dev.hbar.mlx.SelfTest;
import dev.hbar.model.checkpoint.CheckpointDirectory;
import dev.hbar.model.checkpoint.MemoryPlan;
import dev.hbar.model.checkpoint.WeightForm;
import dev.hbar.model.decode.BatchDecoder;
import dev.hbar.model.decode.Prefill;
import dev.hbar.model.decode.Sampling;
import dev.hbar.model.decode.StepProbe;
import dev.hbar.model.family.CausalLm;
import dev.hbar.model.family.Compute;
import dev.hbar.model.family.LoadOptions;
import dev.hbar.model.family.ModelLoader;
import dev.hbar.model.layer.KvCache;
import dev.hbar.model.layer.MaskChoice;
import dev.hbar.model.layer.SequenceLength;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Loads a checkpoint once, as a GPU would hold it (packed, in its own type) or dense in float32,
 * generates, and prints one JSON line: seconds of the load, and memory planned and used. MLX is
 * started before the clock.
 */
public final class LoadCheckpoint {
  private LoadCheckpoint() {}

  /**
   * Arguments: the folder, {@code packed} or {@code dense}, tokens of the prompt, and new tokens;
   * with none nothing is generated.
   */
  public static void main(String[] arguments) throws Exception {
    CheckpointDirectory folder = CheckpointDirectory.of(Path.of(arguments[0]));
    boolean dense = arguments[1].equals("dense");
    int prompt = Integer.parseInt(arguments[2]);
    int steps = Integer.parseInt(arguments[3]);
    MlxThread.call(
        () -> {
          measure(folder, dense, prompt, steps);
          return null;
        });
  }

  private static void measure(CheckpointDirectory folder, boolean dense, int prompt, int steps)
      throws IOException {
    SelfTest.requirePassed();
    MlxMemory.clearCache();
    MlxMemory.resetPeak();
    long residentBefore = memory("VmRSS");
    long start = System.nanoTime();
    ModelLoader loader = ModelLoader.of(folder);
    Compute compute =
        dense
            ? new Compute(WeightForm.DENSE, DType.FLOAT32)
            : new Compute(WeightForm.PACKED, loader.checkpointDtype());
    MemoryPlan plan = loader.plan(compute, prompt + steps, 1, Prefill.CHUNK);
    try (CausalLm model = loader.load(new LoadOptions(compute, MaskChoice.AUTO))) {
      double seconds = (System.nanoTime() - start) / 1e9;
      MlxMemory.Snapshot loaded = MlxMemory.snapshot();
      long residentPeak = memory("VmHWM");
      MlxMemory.resetPeak();
      if (steps > 0) {
        generate(model, prompt, steps);
      }
      long bytes = loader.files().byteSize();
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("bytes", bytes);
      line.put("seconds", seconds);
      line.put("gb_per_s", bytes / seconds / 1e9);
      line.put("weights_planned", plan.weights());
      line.put("weights_loaded", loaded.active());
      line.put("peak_while_loading", loaded.peak());
      line.put("resident_before", residentBefore);
      line.put("resident_peak", residentPeak);
      line.put("total_planned", plan.total());
      line.put("total_used", MlxMemory.snapshot().peak());
      System.out.println(new ObjectMapper().writeValueAsString(line));
    }
  }

  private static void generate(CausalLm model, int prompt, int steps) {
    int[] ids = new int[prompt];
    Arrays.setAll(ids, i -> 3 + 31 * i % 300);
    try (MlxScope run = model.openRun("generation")) {
      KvCache cache = model.newCache(run, new SequenceLength(prompt));
      List<int[]> rest = new Prefill(model, run).allButLastPiece(cache, List.of(ids));
      try (BatchDecoder decoder =
          new BatchDecoder(model, run, cache, StepProbe.NONE, Sampling.GREEDY, 0)) {
        decoder.start(rest);
        for (int i = 1; i < steps; i++) {
          decoder.next();
        }
      }
    }
  }

  /** A size that Linux keeps about this process, in bytes; 0 on other systems. */
  private static long memory(String field) throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.isReadable(status)) {
      return 0;
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith(field + ":"))
        .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElse(0);
  }
}
