package dev.hbar.study.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.study.evidence.SignalEvidence.Comparison;
import dev.hbar.study.statistics.Estimate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class JudgementTest {
  /** SciPy 1.17.1: records (z(1 - 0.05 / asked / 2) + z(0.8))^2 se^2 / tells^2, two digits. */
  @Test
  void undecided_needsTheRecordsThatWouldTell() {
    assertEquals(OptionalLong.of(550), undecided(0.06, 0.05, 1, 100), "545.06");
    assertEquals(OptionalLong.of(550), undecided(-0.06, 0.05, 1, 100), "545.06");
    assertEquals(OptionalLong.of(1300), undecided(0.01, 0.05, 1, 100), "1226.4");
    assertEquals(OptionalLong.of(3000), undecided(-0.03, 0.05, 3, 100), "2908.1");
    assertEquals(OptionalLong.of(25), undecided(0.3, 0.2, 1, 7), "24.42");
    assertEquals(OptionalLong.of(7), undecided(0.3, 0.02, 1, 7), "no fewer than there are");
    assertEquals(OptionalLong.empty(), undecided(0.06, 0, 1, 100), "without an error");
  }

  /** Student's one-sided 95 % limit for 30 degrees of freedom: 1.697261 standard errors. */
  @Test
  void limitWithinTheMargin_isChance() {
    assertEquals(Judgement.Verdict.CHANCE, of(0.0160, 0.02, 0.5).verdict());
    assertEquals(Judgement.Verdict.CHANCE, of(-0.0160, 0.02, 0.5).verdict());
    assertEquals(Judgement.Verdict.UNDECIDED, of(0.0161, 0.02, 0.5).verdict());
    assertEquals(Judgement.Verdict.UNDECIDED, of(-0.0161, 0.02, 0.5).verdict());
    assertTrue(Judgement.isWithinMargin(new Estimate(0, 0, 0, 1, Optional.empty())), "constant");
    assertFalse(Judgement.isWithinMargin(new Estimate(0, 0, 0, 0.5, Optional.empty())));
  }

  @Test
  void limitAtTheMargin_isNotWithinIt() {
    double reach = estimate(0).reach(0.95);
    double at = 0.05 - reach;
    assertEquals(0.05, at + reach);
    assertFalse(Judgement.isWithinMargin(estimate(at)));
    assertTrue(Judgement.isWithinMargin(estimate(at - 1e-15)));
    assertEquals(Judgement.Verdict.LENGTH_UNDECIDED, beside(at, 0.02, 0.5));
    assertEquals(Judgement.Verdict.NO_BETTER_THAN_LENGTH, beside(at - 1e-15, 0.02, 0.5));
  }

  @Test
  void levelOfFivePercent_isNotYetBetterOrWorse() {
    assertFalse(comparison(0.2, 0.05, 0.05).isBetter());
    assertTrue(comparison(0.2, 0.05, Math.nextDown(0.05)).isBetter());
    assertFalse(comparison(-0.2, 0.05, 0.05).isWorse());
    assertTrue(comparison(-0.2, 0.05, Math.nextDown(0.05)).isWorse());
    assertFalse(comparison(0, 0.05, 0.01).isBetter());
    assertFalse(comparison(0, 0.05, 0.01).isWorse());
    assertEquals(Judgement.Verdict.WORSE, of(-0.2, 0.05, 0.01).verdict());
    assertEquals(Judgement.Verdict.BETTER, of(0.2, 0.05, 0.01).verdict());
  }

  @Test
  void betterThanChance_mustBeatTheLengthToo() {
    assertEquals(Judgement.Verdict.BETTER, beside(0.1, 0.02, 0.01));
    assertEquals(Judgement.Verdict.NO_BETTER_THAN_LENGTH, beside(0.016, 0.02, 0.5));
    assertEquals(Judgement.Verdict.LENGTH_UNDECIDED, beside(0.0161, 0.02, 0.5));
    assertEquals(Judgement.Verdict.NO_BETTER_THAN_LENGTH, beside(-0.3, 0.02, 0.01));
    assertEquals(Judgement.Verdict.NO_BETTER_THAN_LENGTH, beside(0, 0, 1));
    assertEquals(Judgement.Verdict.LENGTH_UNDECIDED, beside(0.1, 0, 0.5), "no error is known");
  }

  @Test
  void words_sayTheRecordsNeededOfWhatIsUndecidedOnly() {
    assertEquals(
        "cannot tell from chance at this n (would need about 550 records)",
        of(0.06, 0.05, 0.5).words());
    assertEquals("cannot tell from chance at this n", of(0.06, 0, 0.5).words());
    assertEquals("better than chance", of(0.2, 0.05, 0.01).words());
  }

  private static Judgement.Verdict beside(double value, double error, double p) {
    Judgement judgement =
        Judgement.of(
            List.of(comparison(0.2, 0.05, 0.01)), Optional.of(comparison(value, error, p)), 100);
    assertEquals(
        judgement.verdict() == Judgement.Verdict.LENGTH_UNDECIDED && error > 0,
        judgement.recordsNeeded().isPresent());
    return judgement.verdict();
  }

  private static OptionalLong undecided(double value, double error, int asked, int records) {
    Comparison chance =
        new Comparison("chance", new Estimate(value, error, 30, 0.5, Optional.empty()), 0.5, asked);
    return Judgement.of(List.of(chance), Optional.empty(), records).recordsNeeded();
  }

  private static Judgement of(double value, double error, double p) {
    return Judgement.of(List.of(comparison(value, error, p)), Optional.empty(), 100);
  }

  private static Comparison comparison(double value, double error, double p) {
    return new Comparison("chance", new Estimate(value, error, 30, p, Optional.empty()), p, 1);
  }

  private static Estimate estimate(double value) {
    return new Estimate(value, 0.02, 30, 0.5, Optional.empty());
  }
}
