package dev.hbar.monitor.risk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.monitor.signal.FailureProbability;
import dev.hbar.monitor.signal.TokenSignals;
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
    HaltPolicy third = new HaltPolicy(WatchedSignal.HBAR, FailureProbability.DEFAULT, 0.5, 3, true);
    for (int step = 0; step < 10; step++) {
      assertEquals(step % 3 == 0, third.halts(step, 0.9), "step " + step);
    }
  }

  @Test
  void priWatched_ignoresHbar() {
    HaltPolicy pri = new HaltPolicy(WatchedSignal.PRI, new FailureProbability(5, 1), 0.85, 1, true);
    assertEquals(0.5, pri.risk(token(9, 1)), 1e-12);
    assertEquals(1 / (1 + Math.exp(-5)), pri.risk(token(0, 2)), 1e-12);
  }

  @Test
  void negativeLambda_makesLowValuesRisky() {
    HaltPolicy inverted =
        new HaltPolicy(WatchedSignal.HBAR, new FailureProbability(-5, 2), 0.85, 1, true);
    assertTrue(inverted.halts(0, inverted.risk(token(1, 0))));
    assertFalse(inverted.halts(0, inverted.risk(token(3, 0))));
  }

  @Test
  void impossibleNumbers_areRefused() {
    FailureProbability risk = FailureProbability.DEFAULT;
    assertThrows(
        IllegalArgumentException.class,
        () -> new HaltPolicy(WatchedSignal.HBAR, risk, 1.01, 1, true));
    assertThrows(
        IllegalArgumentException.class,
        () -> new HaltPolicy(WatchedSignal.HBAR, risk, Double.NaN, 1, true));
    assertThrows(
        IllegalArgumentException.class,
        () -> new HaltPolicy(WatchedSignal.HBAR, risk, 0.5, 0, true));
  }

  private static TokenSignals token(double hbar, double pri) {
    return new TokenSignals(7, hbar, 1, 1, 1, 0, pri);
  }
}
