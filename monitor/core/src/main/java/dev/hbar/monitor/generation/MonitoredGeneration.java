package dev.hbar.monitor.generation;

import dev.hbar.mlx.Device;
import dev.hbar.mlx.Mlx;
import dev.hbar.mlx.MlxScope;
import dev.hbar.mlx.MlxThread;
import dev.hbar.model.decode.BatchDecoder;
import dev.hbar.model.decode.Prefill;
import dev.hbar.model.decode.Step;
import dev.hbar.model.family.CausalLm;
import dev.hbar.model.layer.KvCache;
import dev.hbar.model.layer.SequenceLength;
import dev.hbar.model.tokenizer.Tokenizer;
import dev.hbar.monitor.signal.SignalProbe;
import dev.hbar.monitor.signal.TokenSignals;
import java.util.List;

/**
 * Generates text and measures every token in the same evaluation that chooses it; can stop on risk.
 *
 * <p>Model and tokenizer stay the caller's. May be called from any thread: the work is done on
 * MLX's, and everything it made there is freed when the call returns or throws.
 */
public final class MonitoredGeneration {
  private final CausalLm model;
  private final Tokenizer tokenizer;
  private final GenerationSettings settings;

  /** A generation that can be run any number of times. */
  public MonitoredGeneration(CausalLm model, Tokenizer tokenizer, GenerationSettings settings) {
    this.model = model;
    this.tokenizer = tokenizer;
    this.settings = settings;
  }

  /**
   * Generates until the end-of-sequence token, the limit, a risky token or the listener's wish.
   *
   * @param prompt token ids, special tokens included
   * @param listener gets every token of the text, on MLX's thread; not the one dropped by halting
   * @throws PromptException if the prompt is empty or does not fit into the context
   * @throws dev.hbar.monitor.signal.NonFiniteException if a signal is not a number
   * @throws dev.hbar.model.decode.NonFiniteLogitsException if the model computed NaN or infinity
   */
  public GenerationResult run(int[] prompt, TokenListener listener) {
    int limit = settings.newTokens(prompt.length, model.config().contextLength());
    GenerationResult[] result = new GenerationResult[1];
    MlxThread.run(() -> result[0] = generate(prompt, limit, listener));
    return result[0];
  }

  private GenerationResult generate(int[] prompt, int limit, TokenListener listener) {
    SignalProbe probe = new SignalProbe(model.layers());
    // A step ahead hides the host's work behind a GPU; on a CPU it would only be wasted at the end.
    int depth = Mlx.device() == Device.GPU ? 1 : 0;
    try (MlxScope run = model.openRun("generate")) {
      KvCache cache = model.newCache(run, new SequenceLength(prompt.length));
      List<int[]> rest = new Prefill(model, run).allButLastPiece(cache, List.of(prompt));
      try (BatchDecoder decoder =
          new BatchDecoder(model, run, cache, probe, settings.sampling(), depth)) {
        return decode(decoder, rest, limit, listener);
      }
    }
  }

  private GenerationResult decode(
      BatchDecoder decoder, List<int[]> rest, int limit, TokenListener listener) {
    GeneratedText text = new GeneratedText(tokenizer, settings.halt());
    Step step = decoder.start(rest);
    while (true) {
      TokenSignals signals = signals(step, text.size());
      if (settings.halt().halts(text.size(), settings.halt().risk(signals))) {
        return text.halted(signals);
      }
      boolean eos = model.config().eosTokenIds().contains(signals.token());
      boolean goOn = listener.accept(text.append(signals, !eos));
      if (eos) {
        return text.ended(StopReason.EOS);
      }
      if (text.size() == limit) {
        return text.ended(StopReason.LENGTH);
      }
      if (!goOn) {
        return text.ended(StopReason.CANCELLED);
      }
      step = decoder.next();
    }
  }

  private TokenSignals signals(Step step, int index) {
    return SignalProbe.signals(step.tokens()[0], step.measured()[0], settings.alpha())
        .requireFinite(index);
  }
}
