package dev.hbar.study.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;

/** Against scripts/fixtures/detect.py: statsmodels. */
class LikelihoodRatioTest {
  private static final double EXACT = 1e-6;

  @Test
  void likelihoodRatio_isThatOfStatsmodels() throws IOException {
    ObjectMapper json = new ObjectMapper();
    JsonNode fixture;
    try (InputStream in = LikelihoodRatioTest.class.getResourceAsStream("/detect/fits.json")) {
      fixture = json.readTree(in).get("likelihood_ratio");
    }
    double[][] base = json.treeToValue(fixture.get("base"), double[][].class);
    int[] labels = json.treeToValue(fixture.get("labels"), int[].class);
    double[] added = json.treeToValue(fixture.get("added"), double[].class);
    LikelihoodRatio found = LikelihoodRatio.of(base, added, labels);
    assertEquals(
        fixture.get("llf").doubleValue(), LikelihoodRatio.logLikelihood(base, labels), EXACT);
    assertEquals(fixture.get("statistic").doubleValue(), found.statistic(), EXACT);
    assertEquals(fixture.get("p").doubleValue(), found.p(), EXACT);
  }
}
