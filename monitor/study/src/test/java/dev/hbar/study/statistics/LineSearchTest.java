package dev.hbar.study.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** Against scripts/fixtures/line_search.py: the steps that SciPy's line search tries. */
class LineSearchTest {
  private static final int EVALUATIONS = 50;

  /** sum p[k] x^k + a sin(w x) + e exp(-d x). */
  private record Function(double[] p, double a, double w, double e, double d) {
    LineSearch.Point at(double x) {
      double value = a * Math.sin(w * x) + e * Math.exp(-d * x);
      double slope = a * w * Math.cos(w * x) - e * d * Math.exp(-d * x);
      for (int k = 0; k < p.length; k++) {
        value += p[k] * Math.pow(x, k);
        slope += k == 0 ? 0 : k * p[k] * Math.pow(x, k - 1);
      }
      return new LineSearch.Point(x, value, slope);
    }
  }

  @Test
  void everyStep_isScipys() throws IOException {
    JsonNode cases = cases();
    assertEquals(48, cases.size());
    for (JsonNode one : cases) {
      List<Double> tried = new ArrayList<>();
      double[] expected = numbers(one.get("steps"));
      LineSearch.Point found = search(function(one), tried).find(expected[0], EVALUATIONS);
      assertEquals(expected.length, tried.size(), one + " " + tried);
      for (int i = 0; i < expected.length; i++) {
        // Powers and sines may differ in their last bit, which interpolation enlarges.
        assertEquals(expected[i], tried.get(i), 1e-7 * expected[i], i + " of " + one);
      }
      assertEquals(tried.getLast(), found.step());
    }
  }

  @Test
  void searchThatMayNotEvaluateMore_givesItsLastTrial() throws IOException {
    JsonNode one =
        StreamSupport.stream(cases().spliterator(), false)
            .filter(any -> any.get("steps").size() > 5)
            .findFirst()
            .orElseThrow();
    double[] expected = numbers(one.get("steps"));
    for (int most : IntStream.rangeClosed(1, 4).toArray()) {
      List<Double> tried = new ArrayList<>();
      LineSearch.Point found = search(function(one), tried).find(expected[0], most);
      assertEquals(most, tried.size());
      assertEquals(expected[most - 1], found.step(), 1e-7 * found.step());
    }
  }

  private static LineSearch search(Function function, List<Double> tried) {
    return new LineSearch(
        step -> {
          tried.add(step);
          return function.at(step);
        },
        function.at(0));
  }

  private static Function function(JsonNode one) {
    return new Function(
        numbers(one.get("p")),
        one.get("a").doubleValue(),
        one.get("w").doubleValue(),
        one.get("e").doubleValue(),
        one.get("d").doubleValue());
  }

  private static JsonNode cases() throws IOException {
    try (InputStream json =
        LineSearchTest.class.getResourceAsStream("/calibrate/line_search.json")) {
      return new ObjectMapper().readTree(json);
    }
  }

  private static double[] numbers(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false)
        .mapToDouble(JsonNode::doubleValue)
        .toArray();
  }
}
