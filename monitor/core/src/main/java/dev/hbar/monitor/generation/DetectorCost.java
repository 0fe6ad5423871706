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

/**
 * What a detector costs while text is written, as a ratio of times: with it over without it. Two
 * texts grow side by side from one prompt, a token of the one and a token of the other in turn, so
 * that what else the machine does meets both. One measures the signals, the other asks the detector
 * too.
 */
public final class DetectorCost {
  private DetectorCost() {}

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
   * The ratio of one run: the median over its tokens, each beside its twin, so that a pause of the
   * machine in one of them is not counted. Loads the weights if they are not.
   *
   * @param benchmark its monitor must not be {@link Benchmark.Monitor#OFF}
   */
  public static double ratio(GenerationModel model, Benchmark benchmark, Detector detector) {
    benchmark.load(model);
    int[] prompt = benchmark.prompt(model);
    return model.onModel(
        loaded -> {
          SignalProbe signals = benchmark.monitor().signals(loaded.layers()).orElseThrow();
          SignalProbe beside = benchmark.monitor().signals(loaded.layers()).orElseThrow();
          try (Text plain = new Text(loaded, prompt, signals);
              Text asking = new Text(loaded, prompt, new DetectorProbe(beside, detector))) {
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
