package dev.hbar.tests.bench;

import com.sun.management.ThreadMXBean;
import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxScope;
import dev.hbar.mlx.MlxThread;
import dev.hbar.model.checkpoint.CheckpointDirectory;
import dev.hbar.model.checkpoint.WeightForm;
import dev.hbar.model.decode.StepProbe;
import dev.hbar.model.family.CausalLm;
import dev.hbar.model.family.Compute;
import dev.hbar.model.family.Forward;
import dev.hbar.model.family.LoadOptions;
import dev.hbar.model.family.ModelLoader;
import dev.hbar.model.family.TokenBatch;
import dev.hbar.model.layer.KvCache;
import dev.hbar.model.layer.MaskChoice;
import dev.hbar.model.layer.SequenceLength;
import dev.hbar.monitor.signal.SignalProbe;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * How long our host side takes to build one decode step, the counterpart of
 * scripts/bench/host_step.py, with as many cached tokens, nothing evaluated. Prints one JSON line:
 * of steps as this machine computes them and of steps in float16 with packed weights, as a GPU
 * does, plain and with every cheap signal.
 */
public final class HostStep {
  private static final int CACHED = 100;
  private static final int WARM_UP = 3000;
  private static final int BUILDS = 200;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private HostStep() {}

  /** What one build took: milliseconds, and bytes of the Java heap. */
  private record Build(double stepMillis, double dropMillis, long heapBytes) {}

  /** Argument: a checkpoint folder. */
  public static void main(String[] arguments) {
    ModelLoader loader = ModelLoader.of(CheckpointDirectory.of(Path.of(arguments[0])));
    MlxThread.run(
        () -> {
          String here = measured(loader, loader.compute(Optional.empty()), "");
          Compute half = new Compute(WeightForm.PACKED, DType.FLOAT16);
          System.out.printf(
              "{%s, %s, \"builds\": %d, \"cached\": %d}%n",
              here, measured(loader, half, "float16_"), BUILDS, CACHED);
        });
  }

  private static String measured(ModelLoader loader, Compute compute, String prefix) {
    try (CausalLm model = loader.load(new LoadOptions(compute, MaskChoice.AUTO))) {
      return fields(prefix, model, () -> StepProbe.NONE)
          + ", "
          + fields(
              prefix + "monitored_", model, () -> SignalProbe.complete(model.layers(), List.of()));
    }
  }

  /** Each build has a probe of its own, as a probe remembers the step before. */
  private static String fields(String prefix, CausalLm model, Supplier<StepProbe> probes) {
    Build[] builds = new Build[BUILDS];
    for (int i = -WARM_UP; i < BUILDS; i++) {
      Build build = buildOnce(model, probes.get());
      if (i >= 0) {
        builds[i] = build;
      }
    }
    return "\"%1$sstep_ms\": %2$.4f, \"%1$sdrop_ms\": %3$.4f, \"%1$sheap_bytes\": %4$.0f"
        .formatted(
            prefix,
            median(builds, Build::stepMillis),
            median(builds, Build::dropMillis),
            median(builds, Build::heapBytes));
  }

  /** A step, the choice of the token included, and freeing it. */
  private static Build buildOnce(CausalLm model, StepProbe probe) {
    try (MlxScope run = model.openRun("bench");
        KvCache cache = model.newCache(run, new SequenceLength(CACHED))) {
      try (MlxScope prefill = run.child("prefill")) {
        cache.plan(prefill, CACHED, new int[1], MaskChoice.AUTO);
      }
      MlxScope step = run.child("step");
      TokenBatch token = TokenBatch.of(step, List.of(new int[] {9}), model.config().vocabSize());
      long thread = Thread.currentThread().threadId();
      long bytes = THREADS.getThreadAllocatedBytes(thread);
      long start = System.nanoTime();
      Forward forward = model.forward(step, token, cache, probe.request());
      probe.measure(step, forward, step.ops().argmax(forward.logits(), -1, false));
      long built = System.nanoTime();
      long taken = THREADS.getThreadAllocatedBytes(thread) - bytes;
      step.close();
      return new Build((built - start) / 1e6, (System.nanoTime() - built) / 1e6, taken);
    }
  }

  private static double median(Build[] builds, ToDoubleFunction<Build> of) {
    double[] sorted = Arrays.stream(builds).mapToDouble(of).sorted().toArray();
    return sorted[sorted.length / 2];
  }
}
