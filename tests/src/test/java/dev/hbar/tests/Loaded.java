package dev.hbar.tests;

import dev.hbar.mlx.DType;
import dev.hbar.mlx.MlxScope;
import dev.hbar.model.checkpoint.CheckpointDirectory;
import dev.hbar.model.checkpoint.WeightForm;
import dev.hbar.model.decode.BatchDecoder;
import dev.hbar.model.decode.Prefill;
import dev.hbar.model.decode.Sampling;
import dev.hbar.model.decode.Step;
import dev.hbar.model.family.CausalLm;
import dev.hbar.model.family.Compute;
import dev.hbar.model.family.LoadOptions;
import dev.hbar.model.family.ModelLoader;
import dev.hbar.model.layer.KvCache;
import dev.hbar.model.layer.MaskChoice;
import dev.hbar.model.layer.SequenceLength;
import dev.hbar.monitor.signal.Signal;
import dev.hbar.monitor.signal.SignalProbe;
import dev.hbar.monitor.signal.TokenSignals;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Short ways to load a tiny checkpoint and to decode with it. Owner thread. */
final class Loaded {
  private Loaded() {}

  static CausalLm model(String fixture) throws IOException {
    return model(fixture, DType.FLOAT32, MaskChoice.AUTO);
  }

  static CausalLm model(String fixture, DType dtype, MaskChoice masks) throws IOException {
    LoadOptions options = new LoadOptions(new Compute(WeightForm.DENSE, dtype), masks);
    return ModelLoader.of(CheckpointDirectory.of(Fixture.named(fixture).folder())).load(options);
  }

  /** A prompt of {@code length} ids that depend on {@code seed}; never a special token. */
  static int[] prompt(int length, int seed) {
    int[] ids = new int[length];
    Arrays.setAll(ids, i -> 3 + Math.floorMod(31 * i + 7 * seed, 300));
    return ids;
  }

  /** An empty cache for one row per prompt. */
  static KvCache cache(CausalLm model, MlxScope run, List<int[]> prompts) {
    return model.newCache(
        run,
        prompts.stream()
            .map(prompt -> new SequenceLength(prompt.length))
            .toArray(SequenceLength[]::new));
  }

  /** Greedy steps with all signals; the prompt goes in by chunks but for its last token. */
  static List<Step> decoded(CausalLm model, int[] prompt, int steps, int chunk) {
    try (MlxScope run = model.openRun("test")) {
      KvCache cache = cache(model, run, List.of(prompt));
      new Prefill(model, run, chunk).all(cache, Arrays.copyOf(prompt, prompt.length - 1));
      int[] last = {prompt[prompt.length - 1]};
      return decoded(model, run, cache, List.of(last), steps, 0);
    }
  }

  /** Greedy steps with all signals after {@code rests}, on a cache that may hold beginnings. */
  static List<Step> decoded(
      CausalLm model, MlxScope run, KvCache cache, List<int[]> rests, int steps, int depth) {
    try (BatchDecoder decoder = decoder(model, run, cache, depth)) {
      List<Step> decoded = new ArrayList<>(List.of(decoder.start(rests)));
      while (decoded.size() < steps) {
        decoded.add(decoder.next());
      }
      return decoded;
    }
  }

  /** dmu, dsigma, surprise and, last, dh of a row of a step of {@link #decoder}. */
  static float[] signals(Step step, int row) {
    // A probe reads the same of every model.
    TokenSignals signals =
        new SignalProbe(1).signals(step.tokens()[row], step.measured()[row], Signal.ALPHA);
    return new float[] {
      (float) signals.get(Signal.DMU),
      (float) signals.get(Signal.DSIGMA),
      (float) signals.surprise(),
      (float) signals.get(Signal.DH)
    };
  }

  /** Greedy, with all signals. */
  static BatchDecoder decoder(CausalLm model, MlxScope run, KvCache cache, int depth) {
    SignalProbe probe = new SignalProbe(model.layers());
    return new BatchDecoder(model, run, cache, probe, Sampling.GREEDY, depth);
  }
}
