package dev.hbar.tests.bench;

import dev.hbar.mlx.MlxScope;
import dev.hbar.mlx.MlxThread;
import dev.hbar.model.capture.CaptureRequest;
import dev.hbar.model.family.CausalLm;
import dev.hbar.model.family.Forward;
import dev.hbar.model.family.LazyLlama;
import dev.hbar.model.family.TokenBatch;
import dev.hbar.model.layer.KvCache;
import dev.hbar.model.layer.MaskChoice;
import dev.hbar.model.layer.SequenceLength;
import java.util.Arrays;
import java.util.List;

/**
 * How long our host side takes to build one decode step at Llama-3.2-3B's shape; the counterpart of
 * scripts/bench/host_step.py, with the same cached tokens, nothing evaluated. Prints one JSON line.
 */
public final class HostStep {
  private static final int CACHED = 100;
  private static final int WARM_UP = 3000;
  private static final int BUILDS = 200;

  private HostStep() {}

  public static void main(String[] arguments) {
    MlxThread.run(
        () -> {
          try (CausalLm model = LazyLlama.build()) {
            double[][] times = new double[BUILDS][];
            for (int i = -WARM_UP; i < BUILDS; i++) {
              double[] once = buildOnce(model);
              if (i >= 0) {
                times[i] = once;
              }
            }
            System.out.printf(
                "{\"step_ms\": %.4f, \"drop_ms\": %.4f, \"step_min_ms\": %.4f, \"builds\": %d, \"cached\": %d}%n",
                median(times, 0), median(times, 1), minimum(times), BUILDS, CACHED);
          }
        });
  }

  /** Milliseconds to build a step, the choice of the token included, and to free it. */
  private static double[] buildOnce(CausalLm model) {
    try (MlxScope run = model.openRun("bench");
        KvCache cache = model.newCache(run, new SequenceLength(CACHED))) {
      try (MlxScope prefill = run.child("prefill")) {
        cache.plan(prefill, CACHED, new int[1], MaskChoice.AUTO);
      }
      MlxScope step = run.child("step");
      TokenBatch token = TokenBatch.of(step, List.of(new int[] {9}), model.config().vocabSize());
      long start = System.nanoTime();
      Forward forward = model.forward(step, token, cache, CaptureRequest.NOTHING);
      step.ops().argmax(forward.logits(), -1, false);
      long built = System.nanoTime();
      step.close();
      return new double[] {(built - start) / 1e6, (System.nanoTime() - built) / 1e6};
    }
  }

  private static double median(double[][] times, int column) {
    double[] sorted = Arrays.stream(times).mapToDouble(row -> row[column]).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  private static double minimum(double[][] times) {
    return Arrays.stream(times).mapToDouble(row -> row[0]).min().orElseThrow();
  }
}
