package dev.hbar.study.states;

import dev.hbar.mlx.MlxArray;
import dev.hbar.mlx.MlxMemory;
import dev.hbar.mlx.MlxOps;
import dev.hbar.mlx.MlxScope;
import dev.hbar.model.capture.CapturePoint;
import dev.hbar.model.capture.CaptureRequest;
import dev.hbar.model.capture.Captured;
import dev.hbar.model.capture.Span;
import dev.hbar.model.capture.Taps;
import dev.hbar.model.decode.Prefill;
import dev.hbar.model.family.CausalLm;
import dev.hbar.model.family.TokenBatch;
import dev.hbar.model.layer.KvCache;
import dev.hbar.model.layer.SequenceLength;
import dev.hbar.monitor.signal.VocabularySum;
import dev.hbar.study.states.StatesRequest.AttentionFeature;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Teacher forcing: answers that share the text before them go through the model together. What they
 * share is computed once and without capture, so that memory depends on the answers' length only.
 * Owner thread.
 */
final class GivenPass {
  /** Tokens of a piece whose states are kept. */
  private static final int PIECE = 256;

  private final CausalLm model;
  private final List<CapturePoint> points;
  private final Set<AttentionFeature> features;
  private final StatesRequest request;
  private final int[] yesNo;

  /**
   * What a pass gave for one answer.
   *
   * @param score empty if signals were not asked for
   * @param states position to the states at every point, [points][rows * hidden]; one row but for
   *     {@link StatePosition#ANSWER}, which has one per token
   * @param features what was made of attention weights
   */
  record Outcome(
      Optional<GivenModel.Score> score,
      Map<StatePosition, float[][]> states,
      Map<AttentionFeature, float[]> features) {
    Outcome {
      states = Map.copyOf(states);
      features = Map.copyOf(features);
    }
  }

  /**
   * @param request what is kept, may be nothing
   * @param yesNo ids of the tokens that answer the prompt's question
   */
  GivenPass(CausalLm model, StatesRequest request, int[] yesNo) {
    this.model = model;
    this.points = request.points(model.layers());
    this.features = request.features();
    this.request = request;
    this.yesNo = yesNo.clone();
  }

  /** One outcome per answer, in order. */
  List<Outcome> run(List<GivenAnswer> group) {
    try (MlxScope run = model.openRun("given")) {
      int prefix = prefix(group);
      List<MlxArray> before = new ArrayList<>();
      KvCache cache = prefilled(run, group, prefix, before);
      try (MlxScope step = run.child("pass")) {
        List<int[]> tails =
            group.stream()
                .map(one -> Arrays.copyOfRange(one.ids(), prefix, one.ids().length))
                .toList();
        TokenBatch batch = TokenBatch.of(step, tails, model.config().vocabSize());
        Captured captured = model.forward(step, batch, cache, new Taps(wanted())).captured();
        PassReading reading = new PassReading(model, step, captured, group, batch.columns());
        AttentionReading attention =
            new AttentionReading(step, captured, before, prefix, batch.columns(), model.layers());
        List<Optional<GivenModel.Score>> scores = scores(group, reading);
        List<Map<StatePosition, float[][]>> states = reading.states(points, request.positions());
        return IntStream.range(0, group.size())
            .mapToObj(
                i ->
                    new Outcome(
                        scores.get(i),
                        states.get(i),
                        features.isEmpty() ? Map.of() : attention.of(i, group.get(i), features)))
            .toList();
      }
    } finally {
      MlxMemory.clearCache();
    }
  }

  private List<Optional<GivenModel.Score>> scores(List<GivenAnswer> group, PassReading reading) {
    if (!request.signals()) {
      return Collections.nCopies(group.size(), Optional.empty());
    }
    List<List<GivenModel.Score.Token>> tokens = reading.tokenScores(request.alpha());
    double[] yes = reading.difference(yesNo[0], yesNo[1]);
    double[][] bare = bareLogprobs(group);
    return IntStream.range(0, group.size())
        .mapToObj(i -> new GivenModel.Score(group.get(i).first(), tokens.get(i), bare[i], yes[i]))
        .map(Optional::of)
        .toList();
  }

  private CaptureRequest wanted() {
    Set<CapturePoint> wanted = new LinkedHashSet<>(points);
    if (request.signals()) {
      wanted.addAll(CaptureRequest.blocks(model.layers()).points());
      wanted.add(PassReading.NORMED);
    }
    wanted.addAll(AttentionReading.points(features, model.layers()));
    return new CaptureRequest(wanted, Span.ALL);
  }

  /** Ids that all share, short of the token whose logits choose the first token of an answer. */
  private int prefix(List<GivenAnswer> group) {
    GivenAnswer lead = group.getFirst();
    int prefix = lead.first() - 1;
    for (GivenAnswer other : group) {
      boolean alike = model.turnsAlike(length(lead), length(other));
      int shared = alike ? GivenAnswer.shared(lead.ids(), other.ids()) : 0;
      prefix = Math.min(prefix, Math.min(shared, other.first() - 1));
    }
    return prefix;
  }

  private static SequenceLength length(GivenAnswer answer) {
    return new SequenceLength(answer.ids().length);
  }

  /**
   * @param before gets the states of the prefix that {@link AttentionReading} needs
   */
  private KvCache prefilled(
      MlxScope run, List<GivenAnswer> group, int prefix, List<MlxArray> before) {
    int members = group.size();
    if (prefix == 0) {
      return model.newCache(
          run, group.stream().map(GivenPass::length).toArray(SequenceLength[]::new));
    }
    KvCache shared = model.newCache(run, length(group.getFirst()));
    int[] ids = Arrays.copyOf(group.getFirst().ids(), prefix);
    if (features.contains(AttentionFeature.ICR)) {
      before.addAll(states(run, shared, ids));
    } else {
      new Prefill(model, run).all(shared, ids);
    }
    if (members == 1) {
      return shared;
    }
    KvCache forked = KvCache.stack(run, Collections.nCopies(members, shared), new int[members]);
    shared.close();
    return forked;
  }

  /** Appends ids to a cache of one row; the residual stream of all of them, point by point. */
  private List<MlxArray> states(MlxScope run, KvCache cache, int[] ids) {
    List<CapturePoint> stream = AttentionReading.states(model.layers());
    List<List<MlxArray>> pieces = new ArrayList<>();
    for (int at = 0; at < ids.length; at += PIECE) {
      int[] piece = Arrays.copyOfRange(ids, at, Math.min(ids.length, at + PIECE));
      try (MlxScope step = run.child("prefill with states")) {
        TokenBatch batch = TokenBatch.of(step, List.of(piece), model.config().vocabSize());
        CaptureRequest all = new CaptureRequest(Set.copyOf(stream), Span.ALL);
        Captured captured = model.forward(step, batch, cache, new Taps(all)).captured();
        MlxArray[] states = stream.stream().map(captured::get).toArray(MlxArray[]::new);
        step.eval(states);
        step.eval(cache.buffers());
        pieces.add(Arrays.stream(states).map(step::keep).toList());
      }
    }
    return IntStream.range(0, stream.size())
        .mapToObj(point -> pieces.stream().map(piece -> piece.get(point)))
        .map(parts -> run.ops().concatenate(1, parts.toArray(MlxArray[]::new)))
        .toList();
  }

  private double[][] bareLogprobs(List<GivenAnswer> group) {
    try (MlxScope run = model.openRun("bare")) {
      SequenceLength[] lengths =
          group.stream()
              .map(one -> new SequenceLength(one.bare().length))
              .toArray(SequenceLength[]::new);
      KvCache cache = model.newCache(run, lengths);
      try (MlxScope step = run.child("pass")) {
        List<int[]> rows = group.stream().map(GivenAnswer::bare).toList();
        TokenBatch batch = TokenBatch.of(step, rows, model.config().vocabSize());
        CaptureRequest normed = new CaptureRequest(Set.of(PassReading.NORMED), Span.ALL);
        Captured captured = model.forward(step, batch, cache, new Taps(normed)).captured();
        return bareLogprobs(step, captured, group, batch.columns());
      }
    }
  }

  private double[][] bareLogprobs(
      MlxScope step, Captured captured, List<GivenAnswer> group, int columns) {
    int[] counts = group.stream().mapToInt(one -> one.bare().length - one.bareFirst()).toArray();
    int[] places = new int[Arrays.stream(counts).sum()];
    int[] tokens = new int[places.length];
    int at = 0;
    for (int row = 0; row < group.size(); row++) {
      int[] ids = group.get(row).bare();
      for (int i = group.get(row).bareFirst(); i < ids.length; i++) {
        places[at] = row * columns + columns - ids.length + i - 1;
        tokens[at++] = ids[i];
      }
    }
    MlxArray logits =
        model.logits(step, PassReading.rows(step, captured.get(PassReading.NORMED), places));
    MlxOps ops = step.ops();
    MlxArray chosen = PassReading.chosen(step, logits, tokens);
    MlxArray log = ops.subtract(chosen, VocabularySum.logSumExp(step, logits));
    return PassReading.split(log.toFloats(), counts);
  }
}
