package dev.hbar.monitor.generation;

import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxScope;
import dev.hbar.model.capture.CaptureRequest;
import dev.hbar.model.decode.StepProbe;
import dev.hbar.model.family.Forward;
import dev.hbar.model.tokenizer.Tokenizer;
import dev.hbar.monitor.detect.DetectorProbe;
import dev.hbar.monitor.generation.GeneratedToken.Alternative;
import dev.hbar.monitor.signal.SignalProbe;
import dev.hbar.monitor.signal.TokenSignals;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The signals of a generation, a detector's opinion and the likeliest tokens of each step: what the
 * widest of its rows wants. Each row reads of it what its own settings ask for.
 */
final class GenerationProbe implements StepProbe {
  private final SignalProbe signals;
  private final StepProbe measuring;
  private final Likeliest likeliest;

  private GenerationProbe(SignalProbe signals, StepProbe measuring, Likeliest likeliest) {
    this.signals = signals;
    this.measuring = measuring;
    this.likeliest = likeliest;
  }

  /** A probe for one run of a model with so many blocks and so large a vocabulary. */
  static GenerationProbe of(int layers, int vocabulary, GenerationSettings settings) {
    List<Integer> blocks =
        settings.blockDrifts() ? IntStream.range(0, layers).boxed().toList() : List.of();
    SignalProbe signals =
        settings.allSignals() ? SignalProbe.complete(layers, blocks) : new SignalProbe(layers);
    StepProbe measuring =
        settings
            .detector()
            .<StepProbe>map(detector -> new DetectorProbe(signals, detector))
            .orElse(signals);
    return new GenerationProbe(
        signals, measuring, Likeliest.of(settings.alternatives(), vocabulary));
  }

  @Override
  public CaptureRequest request() {
    return measuring.request();
  }

  @Override
  public MlxArray measure(MlxScope step, Forward forward, MlxArray tokens) {
    MlxArray measured = measuring.measure(step, forward, tokens);
    return likeliest.count() == 0
        ? measured
        : step.ops().concatenate(1, measured, likeliest.measure(step, forward.logits()));
  }

  @Override
  public void retain(MlxScope step, MlxArray rows) {
    measuring.retain(step, rows);
  }

  /** All ask the same detector, or none does. */
  @Override
  public GenerationProbe joined(MlxScope run, List<StepProbe> probes) {
    List<GenerationProbe> parts = probes.stream().map(GenerationProbe.class::cast).toList();
    StepProbe all = measuring.joined(run, parts.stream().map(part -> part.measuring).toList());
    SignalProbe measured = all instanceof DetectorProbe both ? both.signals() : (SignalProbe) all;
    Likeliest most =
        parts.stream()
            .map(part -> part.likeliest)
            .max(Comparator.comparingInt(Likeliest::count))
            .orElseThrow();
    return new GenerationProbe(measured, all, most);
  }

  /** The signals of one row. */
  TokenSignals signals(int token, float[] measured, GenerationSettings settings) {
    double alpha = settings.alpha();
    if (settings.blockDrifts()) {
      return signals.signals(token, measured, alpha);
    }
    return settings.allSignals()
        ? signals.cheapSignals(token, measured, alpha)
        : signals.studySignals(token, measured, alpha);
  }

  /** The detector's log-odds of the token that the step was fed with. */
  double logOdds(float[] measured) {
    return ((DetectorProbe) measuring).logOdds(measured[measured.length - likeliest.width() - 1]);
  }

  /** So many of the likeliest tokens of one row, most likely first. */
  List<Alternative> alternatives(
      float[] measured, GenerationSettings settings, Tokenizer tokenizer) {
    return likeliest.read(measured, measured.length - likeliest.width(), tokenizer).stream()
        .limit(settings.alternatives())
        .toList();
  }
}
