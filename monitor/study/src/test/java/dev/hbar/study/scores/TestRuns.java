package dev.hbar.study.scores;

import dev.hbar.monitor.signal.TokenSignals;
import dev.hbar.study.dataset.Sample;
import dev.hbar.study.dataset.SampleSource;
import dev.hbar.study.dataset.Selection;
import dev.hbar.study.scoring.SampleRunner;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A small run that needs no model: a source, a header and a scorer that is pure arithmetic. */
public final class TestRuns {
  public static final int GROUP = 4;

  private TestRuns() {}

  public static ScoreFile.Header header() {
    return header("a1", 20);
  }

  public static ScoreFile.Header header(String checkpointHash, int maxTokens) {
    return new ScoreFile.Header(
        "tiny",
        checkpointHash,
        Map.of("qa", "d1"),
        "halueval-judgement",
        new Selection.Slice("qa", 0, 5),
        new ScoreFile.Header.Settings(maxTokens, 0.1, true, GROUP, "cpu float32", List.of("hbar")),
        Map.of("mlx", "0.32.2", "hbar", "0.1.0"));
  }

  /** Samples numbered from 0, labels alternating. */
  public static SampleSource source(int size) {
    return new SampleSource() {
      @Override
      public int size() {
        return size;
      }

      @Override
      public SampleSource.Origin origin() {
        return new SampleSource.Origin(Map.of(), "numbers", new Selection.Drawn("test", size, 0));
      }

      @Override
      public Stream<Sample> open() {
        return IntStream.range(0, size).mapToObj(TestRuns::sample);
      }
    };
  }

  public static Sample sample(int index) {
    return new Sample("qa_" + index / 2 + (index % 2 == 0 ? "_cor" : "_hal"), index % 2, "p");
  }

  /**
   * Scores depend on the whole group, as real batches round differently with their neighbours: a
   * resumed run that cut its groups elsewhere would give other bytes. Every seventh sample fails.
   */
  public static List<SampleScore> score(List<Sample> group) {
    double salt = group.stream().mapToInt(sample -> sample.id().hashCode()).sum() / 3.0;
    List<SampleScore> scores = new ArrayList<>();
    for (Sample sample : group) {
      double value = 1 + Math.abs(Math.sin(salt + sample.id().hashCode()));
      TokenSignals first = TokenSignals.of(3, value, 0.25, value / 7, 0, 0.1);
      TokenSignals second = TokenSignals.of(4, value, 0.5, value / 9, 0.1, 0.1);
      boolean bad = Math.floorMod(sample.id().hashCode(), 7) == 0;
      TokenSignals last = bad ? TokenSignals.of(4, Double.NaN, 1, 1, 1, 0.1) : second;
      scores.add(
          SampleScore.of(
              sample, 11, OptionalInt.of(4), "eos", List.of(first, last), Map.of(), true));
    }
    return scores;
  }

  /** A watch that never stops and shows nothing. */
  public static SampleRunner.Watch untilTheEnd() {
    return stopAfter(Integer.MAX_VALUE);
  }

  /** A watch that asks to stop once this many samples are in the file. */
  public static SampleRunner.Watch stopAfter(int samples) {
    return new SampleRunner.Watch() {
      private boolean stop;

      @Override
      public boolean stopRequested() {
        return stop;
      }

      @Override
      public void advanced(int done, int total, int failed) {
        stop = done >= samples;
      }
    };
  }
}
