package dev.hbar.study.detect;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against scripts/fixtures/detect.py: scikit-learn and numpy. */
class DetectorFitsTest {
  /** The probe stops when no part of the gradient exceeds 1e-5. */
  private static final double STOPPED = 2e-3;

  private static final double EXACT = 1e-6;

  @ParameterizedTest
  @ValueSource(strings = {"tall", "wide"})
  void probe_scoresAsScikitLearnWhicheverSideIsLonger(String shape) throws IOException {
    JsonNode fixture = fixture().get(shape);
    float[][] x = floats(fixture.get("x"));
    int[] labels = ints(fixture.get("labels"));
    double[] strengths =
        StreamSupport.stream(fixture.get("fits").spliterator(), false)
            .mapToDouble(fit -> fit.get("c").doubleValue())
            .toArray();
    List<Scorer.Linear> fits = LogisticProbe.fit(x, labels, all(x), strengths);
    assertEquals(3, fits.size());
    for (int i = 0; i < fits.size(); i++) {
      double[] expected = doubles(fixture.get("fits").get(i).get("scores"));
      assertArrayEquals(expected, scores(fits.get(i), x), STOPPED, shape + " " + strengths[i]);
    }
  }

  @Test
  void direction_isTheDiscriminantOfItsDefinition() throws IOException {
    JsonNode fixture = fixture().get("direction");
    float[][] x = floats(fixture.get("x"));
    double shrinkage = fixture.get("shrinkage").doubleValue();
    Scorer.Linear fit =
        ShrunkCovariance.direction(x, ints(fixture.get("labels")), all(x), shrinkage);
    assertArrayEquals(doubles(fixture.get("scores")), scores(fit, x), EXACT);
  }

  @Test
  void distance_isMahalanobis() throws IOException {
    JsonNode fixture = fixture().get("direction");
    float[][] x = floats(fixture.get("x"));
    Scorer.Distance fit =
        ShrunkCovariance.distance(x, all(x), fixture.get("shrinkage").doubleValue());
    assertArrayEquals(doubles(fixture.get("distances")), scores(fit, x), EXACT);
  }

  private static double[] scores(Scorer scorer, float[][] x) {
    return IntStream.range(0, x.length).mapToDouble(i -> scorer.score(x[i])).toArray();
  }

  private static int[] all(float[][] x) {
    return IntStream.range(0, x.length).toArray();
  }

  private static JsonNode fixture() throws IOException {
    try (InputStream in = DetectorFitsTest.class.getResourceAsStream("/detect/fits.json")) {
      return new ObjectMapper().readTree(in);
    }
  }

  private static double[] doubles(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false)
        .mapToDouble(JsonNode::doubleValue)
        .toArray();
  }

  private static int[] ints(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).mapToInt(JsonNode::intValue).toArray();
  }

  private static float[][] floats(JsonNode rows) {
    float[][] values = new float[rows.size()][];
    for (int i = 0; i < values.length; i++) {
      double[] row = doubles(rows.get(i));
      values[i] = new float[row.length];
      for (int k = 0; k < row.length; k++) {
        values[i][k] = (float) row[k];
      }
    }
    return values;
  }
}
