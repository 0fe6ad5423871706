package dev.hbar.study.statistics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Figures of few samples, reckoned by hand. */
class ReliabilityTest {
  private static final double EXACT = 1e-15;

  @Test
  void probabilityAtABound_isInTheUpperBinAndOneInTheLast() {
    Reliability found =
        Reliability.of(new double[] {0, 0.05, 0.1, 0.25, 0.95, 1}, new int[] {0, 1, 0, 1, 1, 0});
    assertEquals(
        List.of(
            new Reliability.Bin(0, 0.1, 2, 0.025, 0.5),
            new Reliability.Bin(0.1, 0.2, 1, 0.1, 0),
            new Reliability.Bin(0.2, 0.3, 1, 0.25, 1),
            new Reliability.Bin(0.9, 1, 2, 0.975, 0.5)),
        found.bins());
    assertEquals((0.95 + 0.1 + 0.75 + 0.95) / 6, found.ece(), EXACT);
    assertEquals((0.9025 + 0.01 + 0.5625 + 0.0025 + 1) / 6, found.brier(), EXACT);
  }

  /** SciPy 1.17.1: binomtest(k, n).proportion_ci(method="wilson"). */
  @Test
  void intervalOfAShare_isWilsons() {
    Interval three = new Reliability.Bin(0, 0.1, 10, 0, 0.3).interval();
    assertEquals(0.10779126740630102, three.low(), 1e-12);
    assertEquals(0.6032218525388546, three.high(), 1e-12);
    assertEquals(0.35433043506668743, Interval.wilson(7, 0).high(), 1e-12);
    assertEquals(0.6456695649333126, Interval.wilson(7, 1).low(), 1e-12);
  }

  @Test
  void answersOfOneScore_areKeptAsTheirMean() {
    RiskCoverage curve =
        RiskCoverage.of(new Ranking(new double[] {2, 3, 1, 2}, new int[] {1, 1, 0, 0}).counts());
    assertArrayEquals(new double[] {0.25, 0.5, 0.75, 1}, curve.coverage(), EXACT);
    assertArrayEquals(new double[] {0, 0.25, 1 / 3.0, 0.5}, curve.risk(), EXACT);
    // Areas 13 / 12, 2 for a random order, 5 / 6 for an oracle.
    assertEquals(11 / 14.0, curve.rejectionRatio(), EXACT);
    assertEquals(Double.NaN, new RiskCoverage(new double[0], new double[0]).rejectionRatio());
  }

  @Test
  void recordsWithBothLabels_countOnceEach() {
    // Won, tied, won and lost, one label only, lost; numbers 5 and 7 have no sample.
    int[] records = {0, 0, 1, 1, 2, 2, 2, 3, 4, 4, 6};
    int[] labels = {1, 0, 0, 1, 1, 0, 1, 0, 1, 0, 1};
    double[] scores = {3, 1, 2, 2, 1, 3, 5, 9, 0, 1, 9};
    PairAccuracy found = PairAccuracy.of(scores, labels, records);
    assertEquals(4, found.records());
    assertEquals(0.5, found.value());
    assertEquals(Optional.of(Interval.wilson(4, 0.5)), found.interval());
    assertEquals(
        new PairAccuracy(0, 0, Optional.empty()),
        PairAccuracy.of(new double[] {1, 2}, new int[] {1, 1}, new int[] {0, 0}));
    assertArrayEquals(
        new int[][] {{1}, {}, {0, 2}}, PairAccuracy.samplesByRecord(new int[] {2, 0, 2}));
  }

  /** SciPy 1.17.1: stats.t with 9 degrees of freedom. */
  @Test
  void estimate_isStudents() {
    Estimate found = Estimate.of(0.3, -0.3, 0.1, 9);
    assertEquals(0.014956363910414222, found.p(), 1e-12);
    Interval interval = found.interval().orElseThrow();
    assertEquals(0.07378428372017948, interval.low(), 1e-9);
    assertEquals(0.5262157162798204, interval.high(), 1e-9);
    assertEquals(0.1833112932656237, found.reach(0.95), 1e-9);
    Estimate up = found.moved(0.6);
    assertEquals(0.9, up.value(), EXACT);
    assertEquals(0.6737842837201795, up.interval().orElseThrow().low(), 1e-9);
    assertEquals(1, up.interval().orElseThrow().high());
    assertEquals(0, found.moved(-0.2).interval().orElseThrow().low());
    assertEquals(Double.POSITIVE_INFINITY, Estimate.without(0.3, 1).reach(0.95));
  }
}
