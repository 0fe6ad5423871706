package dev.hbar.run;

import dev.hbar.attention.KvCache;
import dev.hbar.family.CausalLm;
import dev.hbar.generate.BatchDecoder;
import dev.hbar.generate.Prefill;
import dev.hbar.generate.Sampling;
import dev.hbar.generate.Step;
import dev.hbar.mlx.MlxMemory;
import dev.hbar.mlx.MlxScope;
import dev.hbar.signal.SignalProbe;
import dev.hbar.signal.TokenSignals;
import java.util.ArrayList;
import java.util.List;

/**
 * Decodes samples greedily as one batch and measures every token: shared beginnings are prefilled
 * once, the rest of all prompts goes through in one padded pass, and all rows decode together until
 * the last one ends. Owner thread.
 */
final class BatchScorer {
  /** Beyond this, MLX's reuse cache is given back between groups. */
  private static final long CACHE_BOUND_BYTES = 512L << 20;

  private final CausalLm model;
  private final int maxTokens;
  private final double alpha;

  BatchScorer(CausalLm model, int maxTokens, double alpha) {
    this.model = model;
    this.maxTokens = maxTokens;
    this.alpha = alpha;
  }

  /** The signals of one row and whether it ended by an end-of-sequence token. */
  record Row(List<TokenSignals> tokens, boolean ended) {}

  /** One row per sample, in order. */
  List<Row> score(List<TokenizedSample> samples) {
    try (MlxScope run = model.openRun("score")) {
      List<PrefixGroup> groups = PrefixGroup.of(samples);
      KvCache cache = prefilled(run, groups);
      List<int[]> rests = groups.stream().flatMap(group -> group.rests().stream()).toList();
      SignalProbe probe = new SignalProbe(model.layers());
      try (BatchDecoder decoder = new BatchDecoder(model, run, cache, probe, Sampling.GREEDY, 0)) {
        return decode(decoder, rests);
      }
    } finally {
      if (MlxMemory.snapshot().cache() > CACHE_BOUND_BYTES) {
        MlxMemory.clearCache();
      }
    }
  }

  /** One cache row per sample, each holding its group's shared beginning. */
  private KvCache prefilled(MlxScope run, List<PrefixGroup> groups) {
    List<KvCache> perSample = new ArrayList<>();
    for (PrefixGroup group : groups) {
      KvCache shared = model.newCache(run, 1);
      Prefill.run(model, run, shared, group.prefixIds(), Prefill.CHUNK);
      group.members().forEach(member -> perSample.add(shared));
    }
    KvCache stacked = KvCache.stack(run, perSample, new int[perSample.size()]);
    perSample.stream().distinct().forEach(KvCache::close);
    return stacked;
  }

  private List<Row> decode(BatchDecoder decoder, List<int[]> rests) {
    List<RowInProgress> rows = rests.stream().map(rest -> new RowInProgress()).toList();
    add(rows, decoder.start(rests));
    for (int step = 1; step < maxTokens && rows.stream().anyMatch(row -> !row.ended); step++) {
      add(rows, decoder.next());
    }
    return rows.stream().map(row -> new Row(List.copyOf(row.tokens), row.ended)).toList();
  }

  /** A row that has ended stays in the batch; what it decodes after its end is nobody's. */
  private void add(List<RowInProgress> rows, Step step) {
    for (int i = 0; i < rows.size(); i++) {
      RowInProgress row = rows.get(i);
      if (!row.ended) {
        int token = step.tokens()[i];
        row.tokens.add(SignalProbe.signals(token, step.measured()[i], alpha));
        row.ended = model.config().eosTokenIds().contains(token);
      }
    }
  }

  private static final class RowInProgress {
    private final List<TokenSignals> tokens = new ArrayList<>();
    private boolean ended;
  }
}
