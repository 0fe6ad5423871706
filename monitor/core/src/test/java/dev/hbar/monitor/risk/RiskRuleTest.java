package dev.hbar.monitor.risk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.monitor.detect.Detector;
import dev.hbar.monitor.signal.Polarity;
import dev.hbar.monitor.signal.Signal;
import dev.hbar.monitor.signal.TokenSignals;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RiskRuleTest {
  private static TokenSignals token(double hbar, double pri) {
    return new TokenSignals(7, hbar, 1, 1, 1, 0, pri);
  }

  @Test
  void calibratedSignal_risesTowardsItsRiskySide() {
    RiskRule.OnSignal low = RiskRule.OnSignal.calibrated(Signal.HBAR, 2, Polarity.LOW);
    RiskRule.OnSignal high = RiskRule.OnSignal.calibrated(Signal.PRI, 2, Polarity.HIGH);
    assertEquals(1 / (1 + Math.exp(-5)), low.of(token(1, 9)), 1e-15);
    assertEquals(1 / (1 + Math.exp(5)), low.of(token(3, 9)), 1e-15);
    assertEquals(1 / (1 + Math.exp(-5)), high.of(token(9, 3)), 1e-15);
    assertEquals("hbar", low.id());
    assertEquals("pri", high.id());
    assertEquals(0.5, low.cutoff());
    assertEquals(0.85, RiskRule.STUDY.cutoff());
    assertTrue(high.isCalibrated());
    assertFalse(RiskRule.STUDY.isCalibrated());
  }

  @Test
  void joint_weighsBothSignals() {
    RiskRule.JointModel model = new RiskRule.JointModel(-1.5, 2, 0.25);
    double wanted = 1 / (1 + Math.exp(-(-1.5 * 2 + 2 * 3 + 0.25)));
    assertEquals(wanted, model.probability(2, 3), 1e-15);
    RiskRule joint = new RiskRule.OnBoth(model, 0.37);
    assertEquals(wanted, joint.of(token(2, 3)), 1e-15);
    assertEquals("joint", joint.id());
    assertEquals(0.37, joint.cutoff());
    assertTrue(joint.isCalibrated());
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void weightsThatAreNoNumbers_areRefused(double bad) {
    assertThrows(IllegalArgumentException.class, () -> new RiskRule.JointModel(bad, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> new RiskRule.JointModel(1, bad, 1));
    assertThrows(IllegalArgumentException.class, () -> new RiskRule.JointModel(1, 1, bad));
    assertThrows(
        IllegalArgumentException.class, () -> new RiskRule.OnSignal(Signal.HBAR, 5, bad, true));
  }

  @Test
  void detector_isAskedForTokensThatHaveAState() {
    RiskRule rule =
        new RiskRule.OnDetector(
            new Detector(
                Path.of("d"), "probe", "block.1", "mean-answer", "a", new float[] {1, 2}, 0.5f));
    assertEquals(0, rule.of(token(1, 1)));
    assertEquals(
        1 / (1 + Math.exp(-2)), rule.of(token(1, 1).with(Map.of(Signal.DETECTOR, 2.0))), 1e-15);
    assertEquals("detector", rule.id());
    assertEquals(0.85, rule.cutoff());
    assertTrue(rule.isCalibrated());
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.5, 1})
  void endsOfTheRange_areCutoffs(double cutoff) {
    assertEquals(cutoff, new HaltPolicy(RiskRule.STUDY, cutoff, 1, true).cutoff());
    assertThrows(
        IllegalArgumentException.class,
        () -> new HaltPolicy(RiskRule.STUDY, Math.nextDown(0.0), 1, true));
  }
}
