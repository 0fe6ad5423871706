package dev.hbar.monitor.generation;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxOps;
import dev.hbar.mlx.MlxScope;
import dev.hbar.model.capture.CaptureRequest;
import dev.hbar.model.decode.StepProbe;
import dev.hbar.model.family.Forward;
import dev.hbar.model.tokenizer.Tokenizer;
import dev.hbar.monitor.detect.DetectorProbe;
import dev.hbar.monitor.generation.GeneratedToken.Alternative;
import dev.hbar.monitor.signal.SignalProbe;
import dev.hbar.monitor.signal.TokenSignals;
import dev.hbar.monitor.signal.VocabularySum;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** The signals of a generation and, beside them, the likeliest tokens of each step. */
final class GenerationProbe implements StepProbe {
  private final SignalProbe signals;
  private final GenerationSettings settings;
  private final StepProbe measuring;

  /** A probe for one run of a model with so many blocks. */
  GenerationProbe(int layers, GenerationSettings settings) {
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
    return settings.alternatives() == 0
        ? measured
        : step.ops().concatenate(1, measured, likeliest(step, forward.logits()));
  }

  /** [B, 2 k]: the ids of the likeliest tokens, exact in float32 below 2^24, and their ln p. */
  private MlxArray likeliest(MlxScope step, MlxArray logits) {
    MlxOps ops = step.ops();
    int vocabulary = logits.dim(-1);
    int count = Math.min(settings.alternatives(), vocabulary);
    MlxArray order = ops.argpartition(logits, vocabulary - count, -1);
    MlxArray ids =
        ops.slice(order, new int[] {0, vocabulary - count}, new int[] {logits.dim(0), vocabulary});
    MlxArray total = VocabularySum.logSumExp(step, logits);
    MlxArray logP = ops.subtract(ops.takeAlongAxis(logits, ids, 1), total);
    return ops.concatenate(1, ops.astype(ids, DType.FLOAT32), logP);
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
  double logOdds(float[] measured, int vocabulary) {
    return measured[measured.length - 2 * Math.min(settings.alternatives(), vocabulary) - 1];
  }

  /** The likeliest tokens of one row, most likely first. */
  List<Alternative> alternatives(float[] measured, int vocabulary, Tokenizer tokenizer) {
    int count = Math.min(settings.alternatives(), vocabulary);
    int at = measured.length - 2 * count;
    return IntStream.range(at, at + count)
        .mapToObj(i -> alternative((int) measured[i], measured[i + count], tokenizer))
        .sorted(
            Comparator.comparingDouble(Alternative::logProbability)
                .reversed()
                .thenComparingInt(Alternative::id))
        .toList();
  }

  private static Alternative alternative(int id, double logP, Tokenizer tokenizer) {
    return new Alternative(id, tokenizer.decode(new int[] {id}, false), logP);
  }
}
