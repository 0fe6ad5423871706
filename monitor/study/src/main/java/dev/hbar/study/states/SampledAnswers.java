package dev.hbar.study.states;

import dev.hbar.monitor.signal.SamplingSignals;
import dev.hbar.monitor.signal.Signal;
import dev.hbar.study.scoring.ScoringBackend;
import dev.hbar.study.states.GivenBackend.SamplingRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Asks a model again for the answer of every record, and compares what it says with what stands in
 * the data. Adds up what that costs.
 */
final class SampledAnswers {
  private final GivenModel model;
  private final SamplingRequest request;
  private ScoringBackend.StageCost drawing;
  private ScoringBackend.StageCost judging;
  private int asked;
  private int agreed;

  SampledAnswers(GivenModel model, SamplingRequest request) {
    this.model = model;
    this.request = request;
    this.drawing =
        new ScoringBackend.StageCost(request.samples() + " samples of each question", 0, 0, 0);
    this.judging = new ScoringBackend.StageCost("judging", 0, 0, 0);
  }

  /** What drawing and judging have cost so far, and how often the judge said yes. */
  List<ScoringBackend.StageCost> costs() {
    String stage = "judging what they mean, yes to %s of %s pairs".formatted(agreed, asked);
    return List.of(
        drawing,
        new ScoringBackend.StageCost(
            stage, judging.answers(), judging.tokens(), judging.seconds()));
  }

  /**
   * The signals of answers to one question, in order.
   *
   * @param record the answers, at least one
   * @throws IllegalArgumentException if the samples do not fit into the context
   */
  List<Map<Signal, Double>> of(List<GivenAnswer> record) {
    List<SamplingPass.Drawn> drawn = draw(record);
    List<String> texts = drawn.stream().map(SamplingPass.Drawn::text).toList();
    long start = System.nanoTime();
    long[] read = {0};
    SemanticClusters.Judge judge =
        pairs -> {
          SamplingPass.Judgement judgement = model.judge(pairs);
          read[0] += judgement.tokens();
          asked += pairs.size();
          agreed += judgement.count();
          return judgement.yes();
        };
    SemanticClusters clusters = SemanticClusters.of(texts, judge);
    double[] logprobs = drawn.stream().mapToDouble(SamplingPass.Drawn::logprob).toArray();
    double spread = SemanticClusters.meanRougeL(texts);
    List<Map<Signal, Double>> signals = new ArrayList<>();
    for (GivenAnswer answer : record) {
      String text = answer.sample().answer();
      signals.add(
          SamplingSignals.of(
              clusters.meaningOf(),
              logprobs,
              clusters.meaning(text, judge),
              texts.stream().mapToDouble(one -> SemanticClusters.rougeL(text, one)).toArray(),
              spread));
    }
    judging = judging.and(record.size(), read[0], System.nanoTime() - start);
    return signals;
  }

  private List<SamplingPass.Drawn> draw(List<GivenAnswer> record) {
    long start = System.nanoTime();
    GivenAnswer first = record.getFirst();
    List<SamplingPass.Drawn> drawn =
        model.draw(first.beforeAnswer(), request, request.seedOf(first.sample().record()));
    long tokens = first.first() + drawn.stream().mapToLong(SamplingPass.Drawn::tokens).sum();
    drawing = drawing.and(record.size(), tokens, System.nanoTime() - start);
    return drawn;
  }
}
