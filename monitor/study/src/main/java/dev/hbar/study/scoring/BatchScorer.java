package dev.hbar.study.scoring;

import dev.hbar.mlx.MlxMemory;
import dev.hbar.mlx.MlxScope;
import dev.hbar.model.decode.BatchDecoder;
import dev.hbar.model.decode.Sampling;
import dev.hbar.model.decode.Step;
import dev.hbar.model.family.CausalLm;
import dev.hbar.model.layer.KvCache;
import dev.hbar.model.layer.SequenceLength;
import dev.hbar.monitor.signal.SignalProbe;
import dev.hbar.monitor.signal.TokenSignals;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Decodes samples greedily in batches of similar length and measures every token: shared beginnings
 * are prefilled once, and the rows of a batch decode together until the last one ends. Owner
 * thread.
 */
final class BatchScorer {
  /** Tokens that every row gets room for at once, however long an answer may become. */
  private static final int MOST_ROOM = 64;

  private final CausalLm model;
  private final ScoringRequest request;

  BatchScorer(CausalLm model, ScoringRequest request) {
    this.model = model;
    this.request = request;
  }

  /** The signals of one row and whether it ended by an end-of-sequence token. */
  record Row(List<TokenSignals> tokens, boolean ended) {}

  /** One row per sample, in order. */
  List<Row> score(List<PrefixGroup.Tokenized> samples) {
    List<PrefixGroup> groups =
        PrefixGroup.of(samples, (a, b) -> model.turnsAlike(length(a), length(b)));
    Map<PrefixGroup.Tokenized, Row> rows = new IdentityHashMap<>();
    for (List<PrefixGroup> batch : PrefixGroup.batches(groups)) {
      List<PrefixGroup.Tokenized> members =
          batch.stream().flatMap(group -> group.members().stream()).toList();
      List<Row> decoded = together(batch);
      IntStream.range(0, members.size()).forEach(i -> rows.put(members.get(i), decoded.get(i)));
    }
    return samples.stream().map(rows::get).toList();
  }

  private List<Row> together(List<PrefixGroup> groups) {
    try (MlxScope run = model.openRun("score")) {
      KvCache cache = SharedPrefill.of(model, run, groups, room());
      // What reading took is of no use to the steps, whose arrays are smaller.
      MlxMemory.clearCache();
      List<int[]> last =
          groups.stream()
              .flatMap(group -> group.members().stream())
              .map(member -> new int[] {member.ids()[member.ids().length - 1]})
              .toList();
      SignalProbe probe = SignalProbe.complete(model.layers(), request.driftLayers());
      try (BatchDecoder decoder = new BatchDecoder(model, run, cache, probe, Sampling.GREEDY, 0)) {
        return decode(decoder, probe, last);
      }
    } finally {
      MlxMemory.clearCache();
    }
  }

  /** Most answers are short; the caches of a long one grow. */
  private int room() {
    return Math.min(request.maxTokens(), MOST_ROOM);
  }

  private SequenceLength length(PrefixGroup.Tokenized sample) {
    return new SequenceLength(sample.ids().length);
  }

  private List<Row> decode(BatchDecoder decoder, SignalProbe probe, List<int[]> rests) {
    List<RowInProgress> all = rests.stream().map(rest -> new RowInProgress()).toList();
    List<RowInProgress> batch = all;
    add(batch, probe, decoder.start(rests));
    for (int step = 1;
        step < request.maxTokens() && batch.stream().anyMatch(RowInProgress::goesOn);
        step++) {
      batch = withoutEnded(decoder, batch);
      add(batch, probe, decoder.next());
    }
    return all.stream().map(row -> new Row(List.copyOf(row.tokens), row.ended)).toList();
  }

  /**
   * Rows that have ended leave the batch once they are half of it: a copy of the cache's other rows
   * costs about as much as a step. Until then, what they decode after their end is nobody's.
   */
  private static List<RowInProgress> withoutEnded(BatchDecoder decoder, List<RowInProgress> batch) {
    int[] going = IntStream.range(0, batch.size()).filter(row -> batch.get(row).goesOn()).toArray();
    if (2 * going.length > batch.size()) {
      return batch;
    }
    decoder.retain(going);
    return Arrays.stream(going).mapToObj(batch::get).toList();
  }

  private void add(List<RowInProgress> batch, SignalProbe probe, Step step) {
    for (int i = 0; i < batch.size(); i++) {
      RowInProgress row = batch.get(i);
      if (row.goesOn()) {
        int token = step.tokens()[i];
        row.tokens.add(probe.signals(token, step.measured()[i], request.alpha()));
        row.ended = model.config().eosTokenIds().contains(token);
      }
    }
  }

  private static final class RowInProgress {
    private final List<TokenSignals> tokens = new ArrayList<>();
    private boolean ended;

    private boolean goesOn() {
      return !ended;
    }
  }
}
