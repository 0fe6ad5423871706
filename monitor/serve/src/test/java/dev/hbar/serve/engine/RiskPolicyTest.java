package dev.hbar.serve.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.monitor.risk.HaltPolicy;
import dev.hbar.monitor.risk.RiskRule;
import dev.hbar.monitor.signal.Polarity;
import dev.hbar.monitor.signal.Signal;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class RiskPolicyTest {
  private static RiskPolicy of(RiskPolicy.Action action, OptionalDouble threshold) {
    return new RiskPolicy(action, threshold, RiskPolicy.ABSTENTION);
  }

  private static HaltPolicy calibrated(double cutoff) {
    return new HaltPolicy(
        RiskRule.OnSignal.calibrated(Signal.PRI, 2, Polarity.HIGH), cutoff, 3, false);
  }

  @Test
  void flagging_needsNoCalibrationAndNeverHalts() {
    HaltPolicy policy = RiskPolicy.FLAGGING.on("m", HaltPolicy.FLAGGING);
    assertFalse(policy.halting());
    assertEquals(HaltPolicy.FLAGGING.cutoff(), policy.cutoff());
  }

  @Test
  void actingOnARiskThatNobodyCalibrated_isRefusedByField() {
    for (RiskPolicy.Action action :
        new RiskPolicy.Action[] {RiskPolicy.Action.STOP, RiskPolicy.Action.ABSTAIN}) {
      RiskPolicy policy = of(action, OptionalDouble.empty());
      ApiException refused =
          assertThrows(ApiException.class, () -> policy.on("m", HaltPolicy.FLAGGING));
      assertEquals("uncertainty.policy", refused.field().orElseThrow());
      assertTrue(refused.getMessage().contains(action.id()), refused.getMessage());
    }
  }

  @Test
  void threshold_takesTheCalibratedOnesPlace() {
    HaltPolicy kept = of(RiskPolicy.Action.STOP, OptionalDouble.empty()).on("m", calibrated(0.7));
    assertEquals(0.7, kept.cutoff());
    assertTrue(kept.halting());
    assertEquals(3, kept.every());
    HaltPolicy given =
        of(RiskPolicy.Action.ABSTAIN, OptionalDouble.of(0.2)).on("m", calibrated(0.7));
    assertEquals(0.2, given.cutoff());
    assertTrue(given.halting());
  }
}
