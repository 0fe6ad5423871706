package dev.hbar.study.report;

import dev.hbar.study.calibrate.FlagRule;
import dev.hbar.study.calibrate.Validation;
import dev.hbar.study.calibrate.Validation.BestOnTest;
import java.util.Arrays;

/** A validation as text for people. */
public final class ValidationText {
  private ValidationText() {}

  /** Performance, quadrants, then the evidence; ends in a line end. */
  public static String of(Validation result) {
    TextTable table = new TextTable();
    table.add(
        "flag by",
        "calibrated tau",
        "precision",
        "recall",
        "[[TN, FP], [FN, TP]]",
        "best tau on this very set: precision");
    Validation.TestedThresholds taus = result.calibratedThresholds();
    Validation.PerSignal<FlagRule.Performance> reached = result.performanceAtCalibratedThresholds();
    Validation.PerSignal<BestOnTest> best = result.bestOnTestSweep();
    table.add(row("hbar", taus.tauHbar(), reached.hbarAlone(), best.hbarAlone()));
    table.add(row("pri", taus.tauPri(), reached.priAlone(), best.priAlone()));
    table.add(row("joint", taus.tauJoint(), reached.joint(), best.joint()));
    // The evidence repeats its own warnings; what comes from the parameters is only here.
    return EvidenceText.warnings(
            result.warnings().stream()
                .filter(text -> !result.evidence().warnings().contains(text))
                .toList())
        + table.render()
        + CalibrationText.quadrants(result.quadrantAnalysis())
        + "\n"
        + EvidenceText.of(result.evidence());
  }

  private static String[] row(
      String name, double tau, FlagRule.Performance reached, BestOnTest best) {
    return new String[] {
      name,
      EvidenceText.number("%.6f", tau),
      EvidenceText.number("%.4f", reached.precision()),
      EvidenceText.number("%.4f", reached.recall()),
      Arrays.deepToString(reached.confusionMatrix()),
      EvidenceText.number("%.6f", best.bestTauTest())
          + ": "
          + EvidenceText.number("%.4f", best.bestPrecisionTest())
    };
  }
}
