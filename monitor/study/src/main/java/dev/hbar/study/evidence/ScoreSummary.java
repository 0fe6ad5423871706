package dev.hbar.study.evidence;

import dev.hbar.study.scores.RunHeader;
import dev.hbar.study.scores.SampleScore;
import dev.hbar.study.scores.ScoreFile;
import dev.hbar.study.scores.ScoredSignal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a whole score file says.
 *
 * @param header what was run
 * @param samples samples in the file, failed ones included
 * @param failures error text to the number of samples that failed with it, sorted by text
 * @param signals one summary per signal, in the order of {@link ScoredSignal}
 */
public record ScoreSummary(
    RunHeader header, int samples, Map<String, Long> failures, List<SignalSummary> signals) {

  /** Summarizes a score file. */
  public static ScoreSummary of(ScoreFile file) {
    Map<String, Long> failures =
        file.scores().stream()
            .filter(SampleScore.Failed.class::isInstance)
            .map(score -> ((SampleScore.Failed) score).error())
            .collect(Collectors.groupingBy(text -> text, TreeMap::new, Collectors.counting()));
    List<SignalSummary> signals =
        Arrays.stream(ScoredSignal.values())
            .map(signal -> new SignalValues(signal, file.scores()).summary())
            .toList();
    return new ScoreSummary(file.header(), file.scores().size(), failures, signals);
  }

  /** Number of samples without scores. */
  public long failed() {
    return failures.values().stream().mapToLong(Long::longValue).sum();
  }
}
