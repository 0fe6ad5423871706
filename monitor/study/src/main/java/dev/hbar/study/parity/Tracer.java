package dev.hbar.study.parity;

import dev.hbar.mlx.MlxScope;
import dev.hbar.model.decode.BatchDecoder;
import dev.hbar.model.decode.Prefill;
import dev.hbar.model.decode.Sampling;
import dev.hbar.model.decode.Step;
import dev.hbar.model.family.CausalLm;
import dev.hbar.model.layer.KvCache;
import dev.hbar.model.layer.SequenceLength;
import dev.hbar.monitor.signal.RuptureIndex;
import java.util.ArrayList;
import java.util.List;

/** Generates greedily and keeps every state that a comparison could want. Owner thread. */
public final class Tracer {
  private final CausalLm model;

  public Tracer(CausalLm model) {
    this.model = model;
  }

  /**
   * Traces up to {@code steps} tokens.
   *
   * @param ignoreEos go on after an end-of-sequence token
   */
  public Trace trace(int[] prompt, int steps, boolean ignoreEos) {
    TraceProbe probe =
        new TraceProbe(model.layers(), model.config().vocabSize(), model.config().hiddenSize());
    List<TraceStep> traced = new ArrayList<>();
    try (MlxScope run = model.openRun("trace")) {
      KvCache cache = model.newCache(run, new SequenceLength(prompt.length));
      List<int[]> rest = new Prefill(model, run).allButLastPiece(cache, List.of(prompt));
      try (BatchDecoder decoder = new BatchDecoder(model, run, cache, probe, Sampling.GREEDY, 0)) {
        Step step = decoder.start(rest);
        while (true) {
          traced.add(probe.split(step.tokens()[0], step.measured()[0], RuptureIndex.ALPHA));
          boolean ended = model.config().eosTokenIds().contains(step.tokens()[0]) && !ignoreEos;
          if (traced.size() == steps || ended) {
            return new Trace(prompt, model.layers(), traced);
          }
          step = decoder.next();
        }
      }
    }
  }
}
