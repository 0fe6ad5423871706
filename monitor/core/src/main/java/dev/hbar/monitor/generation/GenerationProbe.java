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
import java.util.List;

/** The signals of a generation and, beside them, the likeliest tokens of each step. */
final class GenerationProbe implements StepProbe {
  private final SignalProbe signals;
  private final GenerationSettings settings;
  private final Likeliest likeliest;
  private final StepProbe measuring;

  /** A probe for one run of a model with so many blocks and so large a vocabulary. */
  GenerationProbe(int layers, int vocabulary, GenerationSettings settings) {
    this.likeliest = Likeliest.of(settings.alternatives(), vocabulary);
    this.signals =
        settings.allSignals() ? SignalProbe.complete(layers, List.of()) : new SignalProbe(layers);
    this.settings = settings;
    this.measuring =
        settings
            .detector()
            .<StepProbe>map(detector -> new DetectorProbe(signals, detector))
            .orElse(signals);
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
    signals.retain(step, rows);
  }

  /** The signals of one row. */
  TokenSignals signals(int token, float[] measured) {
    return settings.allSignals()
        ? signals.allSignals(token, measured, settings.alpha())
        : SignalProbe.signals(token, measured, settings.alpha());
  }

  /** The detector's log-odds of the token that the step was fed with. */
  double logOdds(float[] measured) {
    return measured[measured.length - likeliest.width() - 1];
  }

  /** The likeliest tokens of one row, most likely first. */
  List<Alternative> alternatives(float[] measured, Tokenizer tokenizer) {
    return likeliest.read(measured, measured.length - likeliest.width(), tokenizer);
  }
}
