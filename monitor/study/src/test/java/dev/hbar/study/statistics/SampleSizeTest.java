package dev.hbar.study.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against scipy 1.17.1: binom.cdf and norm.ppf in loops over n. */
class SampleSizeTest {
  @ParameterizedTest
  @CsvSource({
    "0.2, 0.9, 0.1, 0.8, 63",
    "0.2, 0.9, 0.15, 0.8, 264",
    "0.1, 0.95, 0.05, 0.9, 239",
    "0.3, 0.9, 0.1, 0.8, 21",
    "0.05, 0.9, 0.02, 0.8, 184",
    // Nothing wrong: as many as the promise looks at, twice ln 0.1 / ln 0.8.
    "0.2, 0.9, 0, 0.8, 22"
  })
  void keptAnswers_areThoseOfScipy(
      double mostWrong, double confidence, double wrong, double power, int expected) {
    assertEquals(expected, SampleSize.kept(mostWrong, confidence, wrong, power));
  }

  @Test
  void promiseOverSoManyAnswers_isMadeAsOftenAsWanted() {
    SplittableRandom random = new SplittableRandom(5);
    int kept = SampleSize.kept(0.2, 0.9, 0.1, 0.8);
    int made = 0;
    for (int draw = 0; draw < 2000; draw++) {
      int wrong = 0;
      for (int i = 0; i < kept; i++) {
        wrong += random.nextDouble() < 0.1 ? 1 : 0;
      }
      made += Promise.holds(wrong, kept, 0.2, 0.9) ? 1 : 0;
    }
    // scipy: 0.825; three standard deviations of 2000 draws.
    assertEquals(0.825, made / 2000.0, 0.026);
  }

  @ParameterizedTest
  @CsvSource({
    "0.7, 0.05, 0.5, 0.05, 0.8, 399",
    "0.7, 0.05, 0, 0.05, 0.8, 795",
    "0.5, 0.1, 0.3, 0.01, 0.9, 340",
    "0.55, 0.2, 0.5, 0.05, 0.8, 29",
    "0.692, 0.05, 0.6, 0.05, 0.8, 326"
  })
  void recordsForADifference_areThoseOfScipy(
      double auroc,
      double difference,
      double correlation,
      double significance,
      double power,
      int expected) {
    assertEquals(expected, SampleSize.records(auroc, difference, correlation, significance, power));
  }

  @Test
  void errorOfOneAuroc_isThatOfTheirExample() {
    // Hanley and McNeil (1982): 0.893 with 51 and 58 cases has 0.032. The other AUROC is certain.
    assertEquals(0.032, SampleSize.error(0.893, 1, 0, 54), 0.0002);
  }

  @Test
  void numbersOutOfRange_areRefused() {
    refused("below the promised one", () -> SampleSize.kept(0.2, 0.9, 0.2, 0.8));
    refused("the confidence must lie between 0 and 1", () -> SampleSize.kept(0.2, 1, 0.1, 0.8));
    refused("the promised share", () -> SampleSize.kept(0, 0.9, 0.1, 0.8));
    refused("the power", () -> SampleSize.kept(0.2, 0.9, 0.1, Double.NaN));
    refused("answers would be needed", () -> SampleSize.kept(0.2, 0.9, 0.1999, 0.9999));
    refused("below the promised one", () -> SampleSize.kept(0.2, 0.9, -0.01, 0.8));
    refused("the power must lie", () -> SampleSize.kept(0.2, 0.9, 0.1, 0));
    refused("the power must lie", () -> SampleSize.records(0.7, 0.05, 0, 0.05, 1));
    refused("the significance must lie", () -> SampleSize.records(0.7, 0.05, 0, 0, 0.8));
    refused("the AUROC must", () -> SampleSize.records(Math.nextDown(0.5), 0.05, 0, 0.05, 0.8));
    refused("the correlation", () -> SampleSize.records(0.7, 0.05, -0.01, 0.05, 0.8));
    refused("with the difference at most 1", () -> SampleSize.records(0.97, 0.05, 0, 0.05, 0.8));
    refused("the AUROC must be at least 0.5", () -> SampleSize.records(0.7, 0, 0, 0.05, 0.8));
    refused("the correlation", () -> SampleSize.records(0.7, 0.05, 1, 0.05, 0.8));
    refused("records would be needed", () -> SampleSize.records(0.7, 1e-6, 0, 0.05, 0.8));
  }

  private static void refused(String words, Runnable question) {
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, question::run);
    assertTrue(e.getMessage().contains(words), e.getMessage());
  }
}
