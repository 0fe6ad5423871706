package dev.hbar.study.calibrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hbar.monitor.risk.HaltPolicy;
import dev.hbar.monitor.risk.RiskRule;
import dev.hbar.monitor.signal.Signal;
import dev.hbar.monitor.signal.TokenSignals;
import dev.hbar.study.StudyException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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

  /** Of four right answers hbar flags three, PRI two and the joint probability all. */
  @Test
  void thresholdThatFlagsMoreThanHalfOfTheRightAnswers_isTooLax() throws IOException {
    Parameters parameters =
        parameters(
            samples("0 2.5 0.8", "0 1 0.9", "0 2.4 0.1", "0 3 0.2", "1 1 1", "1 1 2")
                + ", \"tau_joint\": 0.02");
    assertEquals(
        "its threshold on hbar flags 75 % of the right answers of its own samples, so nearly every"
            + " text would be cut off; set a --cutoff",
        parameters.thresholdTooLax("hbar").orElseThrow());
    assertEquals(Optional.empty(), parameters.thresholdTooLax("pri"), "exactly half");
    String joint = parameters.thresholdTooLax("joint").orElseThrow();
    assertTrue(joint.startsWith("its threshold on joint flags 100 %"), joint);
    assertEquals(Optional.empty(), parameters("").thresholdTooLax("hbar"));
  }

  @Test
  void jointProbabilityThatHardlyVaries_isUnfitToHaltOn() throws IOException {
    Parameters same = parameters(samples("0 2 0.5", "1 2 0.5001", "0 2 0.5002"));
    String warning = same.unfitToHalt("joint").orElseThrow();
    assertTrue(warning.startsWith("the joint probability is nearly the same"), warning);
    assertTrue(warning.endsWith("; calibrate again, or halt on hbar or pri"), warning);
    assertEquals(Optional.empty(), same.unfitToHalt("pri"));
    assertEquals(Optional.empty(), parameters(samples("0 2 0.5", "1 1 2")).unfitToHalt("joint"));
    assertEquals(Optional.empty(), parameters("").unfitToHalt("joint"));
  }

  @Test
  void intervalThatReachesOneHalf_isNotTurnedRound() throws IOException {
    String interval = ", \"intervals\": {\"auroc_pri\": {\"low\": 0.3, \"high\": %s}}";
    Parameters turned = parameters(interval.formatted(Math.nextDown(0.5)));
    assertEquals(
        "pri ranked its samples the wrong way round; calibrate with --polarity fitted",
        turned.unfitToHalt("pri").orElseThrow());
    assertFalse(turned.isTurnedRound("hbar"), "without an interval");
    assertFalse(parameters(interval.formatted("0.5")).isTurnedRound("pri"));
  }

  @Test
  void fieldThatIsNoNumber_isNamed() {
    StudyException refused =
        assertThrows(StudyException.class, () -> parameters(", \"best_precision_pri\": \"NaN\""));
    assertTrue(
        refused
            .getMessage()
            .endsWith("field \"best_precision_pri\" is not a finite number; calibrate again"),
        refused.getMessage());
  }

  /** Each its label, hbar_s and PRI. */
  private static String samples(String... rows) {
    return IntStream.range(0, rows.length)
        .mapToObj(
            i -> {
              String[] row = rows[i].split(" ");
              return "{\"sample_id\": \"s_%s\", \"label\": %s, \"hbar_s\": %s, \"pri\": %s}"
                  .formatted(i, row[0], row[1], row[2]);
            })
        .collect(Collectors.joining(", ", ", \"scores_by_sample\": [", "]"));
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
