package dev.hbar.tests.bench;

import dev.hbar.model.family.RopeReference;
import dev.hbar.study.dataset.HaluEvalTask;
import dev.hbar.study.dataset.Sample;
import dev.hbar.study.dataset.SampleSource;
import dev.hbar.study.scores.SampleScore;
import dev.hbar.study.scoring.MlxScoringBackend;
import dev.hbar.study.scoring.ScoringBackend;
import dev.hbar.study.scoring.ScoringRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * How long we take to score HaluEval qa samples, loading left out; the counterpart of
 * scripts/bench/reference_score.py. Prints one JSON line.
 */
public final class ScoreSpeed {
  private static final int MAX_TOKENS = 20;
  private static final double ALPHA = 0.1;

  private ScoreSpeed() {}

  /** Arguments: checkpoint, data file, number of records, and optionally samples per batch. */
  public static void main(String[] arguments) throws IOException {
    OptionalInt group =
        arguments.length > 3 ? OptionalInt.of(Integer.parseInt(arguments[3])) : OptionalInt.empty();
    ScoringRequest request =
        new ScoringRequest(MAX_TOKENS, ALPHA, true, group, List.of(), RopeReference.TRANSFORMERS);
    SampleSource slice =
        HaluEvalTask.QA.read(
            Path.of(arguments[1]), 0, OptionalInt.of(Integer.parseInt(arguments[2])));
    try (ScoringBackend.Session session =
            new MlxScoringBackend(System.getenv()).open(arguments[0], request);
        Stream<Sample> stream = slice.open()) {
      List<Sample> samples = stream.toList();
      List<SampleScore> scores = new ArrayList<>();
      long start = System.nanoTime();
      for (int from = 0; from < samples.size(); from += session.groupSize()) {
        int to = Math.min(samples.size(), from + session.groupSize());
        scores.addAll(session.score(samples.subList(from, to)));
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      double newTokens =
          scores.stream()
              .mapToInt(score -> ((SampleScore.Scored) score).newTokens())
              .average()
              .orElseThrow();
      System.out.printf(
          "{\"samples\": %d, \"seconds_per_sample\": %.4f, \"new_tokens\": %.2f, \"group\": %d}%n",
          scores.size(), seconds / scores.size(), newTokens, session.groupSize());
    }
  }
}
