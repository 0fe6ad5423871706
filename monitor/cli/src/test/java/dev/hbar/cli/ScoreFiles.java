package dev.hbar.cli;

import dev.hbar.monitor.signal.Signal;
import dev.hbar.study.dataset.Selection;
import dev.hbar.study.scores.RunJournal;
import dev.hbar.study.scores.SampleScore;
import dev.hbar.study.scores.ScoreFile;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Score files with known statistics. */
final class ScoreFiles {
  private ScoreFiles() {}

  static Path write(Path file, List<SampleScore> scores) {
    return write(file, "c", new Selection.Slice("qa", 0, 6), scores);
  }

  static Path write(
      Path file, String checkpointSha256, Selection selection, List<SampleScore> scores) {
    ScoreFile.Header.Settings settings =
        new ScoreFile.Header.Settings(20, 0.1, false, 2, "cpu float32", List.of());
    ScoreFile.Header header =
        new ScoreFile.Header(
            "tiny",
            checkpointSha256,
            Map.of(selection instanceof Selection.Slice slice ? slice.task() : "qa", "d"),
            "halueval-judgement",
            selection,
            settings,
            Map.of("hbar", "0.1.0"));
    try (RunJournal journal = RunJournal.open(file, header)) {
      journal.append(scores);
    }
    return file;
  }

  /**
   * PRI separates completely: right answers 0..n-1, hallucinated ones 100..100+n-1. Surprise is
   * constant. One more sample failed.
   */
  static List<SampleScore> separatedByPri(int each) {
    Stream<SampleScore> scored =
        IntStream.range(0, 2 * each)
            .mapToObj(
                i -> {
                  double pri = i % 2 == 0 ? i / 2 : 100 + i / 2;
                  Map<Signal, Double> scores = study(2 + Math.sin(i), pri, 1, 8, 0.5 + i % 3, 0.1);
                  return SampleScore.Scored.of(
                      "qa_" + i / 2 + (i % 2 == 0 ? "_cor" : "_hal"),
                      i % 2,
                      50 + i % 5,
                      OptionalInt.empty(),
                      3,
                      "eos",
                      scores,
                      List.of());
                });
    SampleScore failed = new SampleScore.Failed("qa_x", 1, "non-finite logits at step 2");
    return Stream.concat(scored, Stream.of(failed)).toList();
  }

  /** Signals that vary and overlap: PRI is a little higher for hallucinated answers. */
  static List<SampleScore> overlapping(int records) {
    return overlapping("qa", records);
  }

  /** The same of another task. */
  static List<SampleScore> overlapping(String task, int records) {
    return IntStream.range(0, 2 * records)
        .mapToObj(
            i -> {
              double pri = 1 + Math.sin(7.0 * i) + (i % 2) * 0.8;
              double hbar = 2 + Math.cos(5.0 * i) / 3;
              Map<Signal, Double> scores =
                  study(hbar, pri, pri * 0.9 + Math.sin(3.0 * i) / 5, 8, hbar / 9, 0.1);
              String id = task + "_" + i / 2 + (i % 2 == 0 ? "_cor" : "_hal");
              int promptTokens = 50 + (13 * i) % 40;
              return (SampleScore)
                  SampleScore.Scored.of(
                      id,
                      i % 2,
                      promptTokens,
                      OptionalInt.of(5 + i % 3),
                      1 + i % 7,
                      "eos",
                      scores,
                      List.of());
            })
        .toList();
  }

  /** The study's scores, in their order in a score file. */
  static Map<Signal, Double> study(double... values) {
    Map<Signal, Double> scores = new LinkedHashMap<>();
    Signal.STUDY_SCORES.forEach(signal -> scores.put(signal, values[scores.size()]));
    return scores;
  }
}
