package dev.hbar.study.statistics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** statsmodels 0.15.0: Logit, its score by observation added up by record, times G / (G - 1). */
class ClusteredLogitTest {
  private static final double[] FIRST = {
    2.04, -2.56, 0.42, -0.57, -0.45, -0.22, -2.02, -0.23, -0.87, 3.32, 0.23, -0.35, -0.28, -0.67,
    -1.06, -0.39, 0.48, -0.24, 0.96, -0.2, 0.02, 1.55, 0.55, -0.51
  };
  private static final double[] SECOND = {
    -0.18, 0.54, 1.94, -0.17, -0.14, 1.1, -0.69, -0.09, 1.08, 0.88, 0.39, 0.97, -2.43, 1.42, -0.56,
    -1.17, 0.78, 1.2, 0.16, -0.48, 0.63, 0.65, 2.11, 1.45
  };
  private static final int[] LABELS = {
    1, 0, 1, 0, 1, 0, 1, 0, 0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 1, 0, 0, 1, 0, 0
  };
  private static final int[] RECORD_OF = IntStream.range(0, 24).map(i -> i / 3).toArray();

  @Test
  void lastCoefficient_isThatOfStatsmodels() {
    Estimate found = logit(i -> new double[] {1, FIRST[i], SECOND[i]}).orElseThrow();
    assertEquals(-0.6254671391008987, found.value(), 1e-9);
    assertEquals(0.39372008763941607, found.standardError(), 1e-9);
    assertEquals(7, found.freedom());
    assertEquals(0.15617226591574315, found.p(), 1e-9);
    assertEquals(-1.5564672066722982, found.interval().orElseThrow().low(), 1e-8);
    assertEquals(0.30553292847050084, found.interval().orElseThrow().high(), 1e-8);
  }

  @Test
  void weightsOfTheWholeFit_areThoseOfStatsmodels() {
    double[][] rows = new double[24][];
    double[][] large = new double[24][];
    for (int i = 0; i < 24; i++) {
      rows[i] = new double[] {FIRST[i], SECOND[i]};
      large[i] = new double[] {1000 * FIRST[i], SECOND[i] / 1000, 0};
    }
    double[] weights = {1.3635246045406701, -0.6254671391008987, 0.1732989968054183};
    assertArrayEquals(weights, LikelihoodRatio.fit(rows, LABELS), 1e-6);
    double[] scaled = LikelihoodRatio.fit(large, LABELS);
    assertEquals(weights[0], 1000 * scaled[0], 1e-6);
    assertEquals(weights[1], scaled[1] / 1000, 1e-6);
    assertEquals(0, scaled[2], 1e-9, "nothing is known of a column of zeros");
    assertEquals(weights[2], scaled[3], 1e-6);
  }

  @Test
  void separatedLabelsOrRepeatedColumns_haveNoCoefficient() {
    assertEquals(Optional.empty(), logit(i -> new double[] {1, FIRST[i], LABELS[i]}));
    assertEquals(Optional.empty(), logit(i -> new double[] {1, FIRST[i], FIRST[i]}));
  }

  private static Optional<Estimate> logit(IntFunction<double[]> row) {
    double[][] rows = IntStream.range(0, 24).mapToObj(row).toArray(double[][]::new);
    return new ClusteredLogit(rows, LABELS, RECORD_OF).last();
  }
}
