package dev.hbar.study.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.hbar.monitor.signal.Signal;
import dev.hbar.monitor.signal.TokenSignals;
import dev.hbar.study.scores.SampleScore;
import dev.hbar.study.scores.SampleScore.Scored;
import dev.hbar.study.scores.ScoreFile;
import dev.hbar.study.scores.TestRuns;
import dev.hbar.study.statistics.Interval;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TrajectoriesTest {
  private static final Scored WITHOUT = sample("without", 0);

  /** numpy 2: mean and 1.96 std(ddof=1) / sqrt(n); the second interval is cut at 0. */
  @Test
  void meanByToken_endsWhereFewerThanFiveSamplesGoOn() {
    Trajectories trajectories =
        new Trajectories(
            List.of(
                sample("a", 0, 1.0, 0.1),
                sample("b", 0, 2.5, 0.2, 7, 7),
                sample("other", 1, 9, 9),
                sample("c", 0, 3.0, 0.0, 7),
                sample("d", 0, 0.5, 3.0, 7),
                sample("e", 0, 4.0, 0.1, 7),
                WITHOUT));
    List<Trajectories.Point> points = trajectories.mean(0, Signal.SURPRISE);
    assertEquals(2, points.size(), "four samples have a third token");
    assertPoint(new Interval(0.9373583247809381, 3.4626416752190625), 2.2, points.get(0));
    assertPoint(new Interval(0, 1.8184884013462763), 0.68, points.get(1));
    assertEquals(List.of(0, 1), points.stream().map(Trajectories.Point::index).toList());
    assertEquals(List.of(5, 5), points.stream().map(Trajectories.Point::samples).toList());
    assertEquals(List.of(), trajectories.mean(1, Signal.SURPRISE));
  }

  @Test
  void samplesWithoutTokenRows_areLeftOut() {
    Scored with = sample("with", 1, 1, 2);
    SampleScore failed = new SampleScore.Failed("failed", 0, "no");
    assertEquals(
        Optional.of(List.of(with)),
        Trajectories.of(file(WITHOUT, with, failed)).map(Trajectories::samples));
    assertEquals(Optional.empty(), Trajectories.of(file(WITHOUT, failed)));
  }

  private static void assertPoint(Interval interval, double mean, Trajectories.Point point) {
    assertEquals(mean, point.mean(), 1e-12);
    assertEquals(interval.low(), point.interval().low(), 1e-12);
    assertEquals(interval.high(), point.interval().high(), 1e-12);
  }

  private static ScoreFile file(SampleScore... scores) {
    return new ScoreFile(TestRuns.header(), List.of(scores), 0);
  }

  private static Scored sample(String id, int label, double... surprises) {
    List<TokenSignals> tokens =
        Arrays.stream(surprises).mapToObj(s -> TokenSignals.of(1, 0.5, 0.5, s, 0, 0.1)).toList();
    return new Scored(
        id, label, Map.of(SampleScore.NEW_TOKENS, (double) tokens.size()), "eos", tokens);
  }
}
