package dev.hbar.monitor.generation;

import dev.hbar.model.decode.Sampling;
import dev.hbar.model.decode.Session;
import dev.hbar.model.decode.StepProbe;
import dev.hbar.model.family.CausalLm;
import dev.hbar.monitor.detect.Detector;
import dev.hbar.monitor.detect.DetectorProbe;
import dev.hbar.monitor.signal.SignalProbe;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * What signals or a detector cost while text is written, as a ratio of times: with them over
 * without them. Two texts grow side by side from one prompt, a token of the one and a token of the
 * other in turn, so that what else the machine does meets both.
 */
public final class StepCost {
  private StepCost() {}

  /**
   * The median of several runs, and what lies around it.
   *
   * @param low lower end of the median's 95 % interval by order statistics; of few runs the least
   * @param high its upper end; of few runs the most
   */
  public record Spread(double median, double low, double high) {
    private static final double TWO_SIDED_95 = 1.96;

    /** The spread of these ratios, at least one. */
    public static Spread of(List<Double> ratios) {
      double[] sorted = ratios.stream().mapToDouble(Double::doubleValue).sorted().toArray();
      int count = sorted.length;
      int low = Math.max(1, (int) ((count - TWO_SIDED_95 * Math.sqrt(count)) / 2)) - 1;
      double median = (sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
      return new Spread(median, sorted[low], sorted[count - 1 - low]);
    }
  }

  /**
   * The ratio of one run, of a text whose signals are measured to one of which nothing is: the
   * median over its tokens, each beside its twin, so that a pause of the machine in one of them is
   * not counted. Loads the weights if they are not.
   *
   * @param benchmark its monitor must not be {@link Benchmark.Monitor#OFF}
   */
  public static double ofSignals(GenerationModel model, Benchmark benchmark) {
    return ratio(model, benchmark, layers -> StepProbe.NONE, layers -> signals(benchmark, layers));
  }

  /** The same, of a text that asks the detector beside the signals to one that measures them. */
  public static double ofDetector(GenerationModel model, Benchmark benchmark, Detector detector) {
    return ratio(
        model,
        benchmark,
        layers -> signals(benchmark, layers),
        layers -> new DetectorProbe(signals(benchmark, layers), detector));
  }

  private static SignalProbe signals(Benchmark benchmark, int layers) {
    return benchmark.monitor().signals(layers).orElseThrow();
  }

  private static double ratio(
      GenerationModel model,
      Benchmark benchmark,
      IntFunction<StepProbe> without,
      IntFunction<StepProbe> with) {
    benchmark.load(model);
    int[] prompt = benchmark.prompt(model);
    return model.onModel(
        loaded -> {
          try (Text plain = new Text(loaded, prompt, without.apply(loaded.layers()));
              Text asking = new Text(loaded, prompt, with.apply(loaded.layers()))) {
            return Spread.of(ratios(plain, asking, benchmark.newTokens() - 1)).median();
          }
        });
  }

  /** In turn, and in turn who is first. */
  private static List<Double> ratios(Text plain, Text asking, int tokens) {
    List<Double> ratios = new ArrayList<>();
    for (int token = 0; token < tokens; token++) {
      boolean even = token % 2 == 0;
      double first = (even ? plain : asking).step();
      double second = (even ? asking : plain).step();
      ratios.add(even ? second / first : first / second);
    }
    return ratios;
  }

  /** A text that grows. */
  private static final class Text implements AutoCloseable {
    private final Session session;

    private Text(CausalLm model, int[] prompt, StepProbe probe) {
      session = new Session(model);
      session.begin(prompt, probe, Sampling.GREEDY);
      while (session.prefill()) {}
      session.step();
    }

    /** Nanoseconds that a step took. */
    private long step() {
      long start = System.nanoTime();
      session.step();
      return System.nanoTime() - start;
    }

    @Override
    public void close() {
      session.close();
    }
  }
}
