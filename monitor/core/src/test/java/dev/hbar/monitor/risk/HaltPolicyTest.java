package dev.hbar.monitor.risk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.monitor.signal.Polarity;
import dev.hbar.monitor.signal.Signal;
import dev.hbar.monitor.signal.TokenSignals;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class HaltPolicyTest {
  /** 1 / (1 + exp(-5 x)) is 0.85 at this x. */
  private static final double AT_CUTOFF = Math.log(0.85 / 0.15) / 5;

  @Test
  void studyRule_haltsAboveTheCutoffOnly() {
    HaltPolicy study = HaltPolicy.STUDY;
    assertTrue(study.halts(0, study.risk(token(2 + AT_CUTOFF + 1e-6, 0))));
    assertFalse(study.halts(0, study.risk(token(2 + AT_CUTOFF - 1e-6, 0))));
    assertFalse(study.halts(0, 0.85), "the cutoff itself is not above it");
  }

  @Test
  void flagging_neverHalts() {
    HaltPolicy flagging = HaltPolicy.FLAGGING;
    double risk = flagging.risk(token(50, 0));
    assertTrue(flagging.isRisky(risk));
    assertFalse(flagging.halts(0, risk));
  }

  @Test
  void everyThirdToken_isChecked() {
    HaltPolicy third = new HaltPolicy(RiskRule.STUDY, 0.5, 3, true);
    for (int step = 0; step < 10; step++) {
      assertEquals(step % 3 == 0, third.halts(step, 0.9), "step " + step);
    }
  }

  @Test
  void priWatched_ignoresHbar() {
    HaltPolicy pri = new HaltPolicy(new RiskRule.OnSignal(Signal.PRI, 5, 1, false), 0.85, 1, true);
    assertEquals(0.5, pri.risk(token(9, 1)), 1e-12);
    assertEquals(1 / (1 + Math.exp(-5)), pri.risk(token(0, 2)), 1e-12);
  }

  @Test
  void negativeLambda_makesLowValuesRisky() {
    HaltPolicy inverted =
        new HaltPolicy(new RiskRule.OnSignal(Signal.HBAR, -5, 2, false), 0.85, 1, true);
    assertTrue(inverted.halts(0, inverted.risk(token(1, 0))));
    assertFalse(inverted.halts(0, inverted.risk(token(3, 0))));
  }

  @Test
  void impossibleNumbers_areRefused() {
    RiskRule rule = RiskRule.STUDY;
    assertThrows(IllegalArgumentException.class, () -> new HaltPolicy(rule, 1.01, 1, true));
    assertThrows(IllegalArgumentException.class, () -> new HaltPolicy(rule, Double.NaN, 1, true));
    assertThrows(IllegalArgumentException.class, () -> new HaltPolicy(rule, 0.5, 0, true));
    assertThrows(
        IllegalArgumentException.class,
        () -> new RiskRule.OnSignal(Signal.HBAR, Double.NaN, 2, false));
  }

  @Test
  void riskOfASignal_isLogisticAroundTau() {
    assertEquals(0.5, RiskRule.STUDY.of(token(2, 0)), 1e-12);
    assertEquals(1 / (1 + Math.exp(-5)), RiskRule.STUDY.of(token(3, 0)), 1e-12);
  }

  @Test
  void riskFarAway_isClampedAndFinite() {
    assertEquals(1 / (1 + Math.exp(50)), RiskRule.STUDY.of(token(-1e300, 0)), 0);
    assertEquals(1 / (1 + Math.exp(-50)), RiskRule.STUDY.of(token(1e300, 0)), 0);
  }

  @Test
  void risk_isShownIfItsRuleWasCalibrated() {
    RiskRule rule = RiskRule.OnSignal.calibrated(Signal.HBAR, 2.5, Polarity.LOW);
    HaltPolicy calibrated = new HaltPolicy(rule, rule.cutoff(), 1, false);
    assertEquals(OptionalDouble.of(0.7), calibrated.shown(0.7));
    assertEquals(OptionalDouble.empty(), HaltPolicy.FLAGGING.shown(0.7));
  }

  private static TokenSignals token(double hbar, double pri) {
    return new TokenSignals(7, hbar, 1, 1, 1, 0, pri);
  }
}
