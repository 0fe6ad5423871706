package dev.hbar.study.calibrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.monitor.risk.HaltPolicy;
import dev.hbar.monitor.risk.RiskRule;
import dev.hbar.monitor.signal.Signal;
import dev.hbar.monitor.signal.TokenSignals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CalibratedRiskTest {
  @TempDir Path folder;

  @Test
  void calibratedHbar_isRiskyBelowItsThreshold() throws IOException {
    HaltPolicy policy = policy(parameters("").risk(Signal.HBAR));
    assertTrue(policy.halts(0, policy.risk(token(2.49, 0))));
    assertFalse(policy.halts(0, policy.risk(token(2.51, 9))));
    assertEquals(0.5, policy.risk(token(2.5, 0)), 1e-12);
    // The study's uncalibrated rule says the opposite of both.
    assertTrue(HaltPolicy.STUDY.risk(token(2.51, 0)) > HaltPolicy.STUDY.risk(token(2.49, 0)));
  }

  @Test
  void highPolarityOfTheFile_turnsTheRule() throws IOException {
    Parameters high = parameters(", \"polarity\": {\"hbar\": \"high\"}");
    HaltPolicy policy = policy(high.risk(Signal.HBAR));
    assertFalse(policy.halts(0, policy.risk(token(2.49, 0))));
    assertTrue(policy.halts(0, policy.risk(token(2.51, 0))));
  }

  @Test
  void calibratedPri_isRiskyAboveItsThreshold() throws IOException {
    HaltPolicy policy = policy(parameters("").risk(Signal.PRI));
    assertFalse(policy.halts(0, policy.risk(token(0, 0.79))));
    assertTrue(policy.halts(0, policy.risk(token(0, 0.81))));
  }

  /** Its risk is the cutoff, one half, in both directions: shown, and not cut off. */
  @Test
  void tokenAtItsThreshold_isNotYetRisky() throws IOException {
    HaltPolicy low = policy(parameters("").risk(Signal.HBAR));
    HaltPolicy high = policy(parameters(", \"polarity\": {\"hbar\": \"high\"}").risk(Signal.HBAR));
    for (HaltPolicy policy : List.of(low, high)) {
      assertEquals(0.5, policy.risk(token(2.5, 0)));
      assertFalse(policy.halts(0, policy.risk(token(2.5, 0))));
    }
    assertTrue(low.halts(0, low.risk(token(Math.nextDown(2.5), 0))));
    assertTrue(high.halts(0, high.risk(token(Math.nextUp(2.5), 0))));
    HaltPolicy pri = policy(parameters("").risk(Signal.PRI));
    assertFalse(pri.halts(0, pri.risk(token(0, 0.8))));
    assertTrue(pri.halts(0, pri.risk(token(0, Math.nextUp(0.8)))));
  }

  @Test
  void joint_usesTheWeightsAndItsOwnThreshold() throws IOException {
    RiskRule joint = parameters(", \"tau_joint\": 0.37").jointRisk();
    assertEquals(0.37, joint.cutoff());
    assertEquals(1 / (1 + Math.exp(-(-1.5 * 2 + 2 * 3 + 0.25))), joint.of(token(2, 3)), 1e-12);
    assertEquals("joint", joint.id());
    assertEquals(0.5, parameters("").jointRisk().cutoff());
  }

  private Parameters parameters(String more) throws IOException {
    String json =
        """
        {"tau_hbar": 2.5, "tau_pri": 0.8,
         "joint_model_weights": {"w_hbar": -1.5, "w_pri": 2.0, "intercept": 0.25}%s}
        """
            .formatted(more);
    return Parameters.read(Files.writeString(folder.resolve("params.json"), json));
  }

  private static HaltPolicy policy(RiskRule risk) {
    return new HaltPolicy(risk, risk.cutoff(), 1, true);
  }

  private static TokenSignals token(double hbar, double pri) {
    return new TokenSignals(7, hbar, 1, 1, 1, 0, pri);
  }
}
